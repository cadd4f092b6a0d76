import type { Work } from './runner.ts';

/** Lets rules work where nothing is configured for the agent, and says so in the source. Where it is, a failure stays one. */
export function withRules(rules: Work | null, work: Work): Work {
  if (rules === null || work.unusable == null) return work;
  return {
    ...rules,
    questions: 0,
    answer: async (turn) => ({ ...(await rules.answer(turn)), source: 'rules' }),
  };
}
