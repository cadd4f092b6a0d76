import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/index.ts';
import type { Answer, Work } from './runner.ts';
import { scopeAsJson } from './scope.ts';

/** Answers of agents that declare themselves pure, by a key of 64 hexadecimal digits. */
export interface KeptAnswers {
  get(key: string): Promise<Answer | null>;
  put(key: string, answer: Answer): Promise<void>;
}

/**
 * Answers a question that was answered before, by the same work on the same words, from what was kept. Failures, and answers that go on
 * without a part, are never kept.
 */
export function withKeptAnswers(answers: KeptAnswers | null, work: Work): Work {
  if (answers === null || work.content === undefined) return work;
  const { content } = work;
  return {
    ...work,
    async answer(turn) {
      const asked = { content: content(), text: turn.scope.input.text, scope: scopeAsJson(turn.scope) };
      const key = createHash('sha256').update(canonicalJson(asked)).digest('hex');
      const kept = await answers.get(key);
      if (kept !== null) return { ...kept, source: 'cache' };
      const answer = await work.answer(turn);
      if (answer.partial !== true) await answers.put(key, answer);
      return answer;
    },
  };
}
