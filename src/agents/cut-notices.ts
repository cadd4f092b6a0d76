import type { Notices } from '../core/index.ts';
import type { Question } from './mind.ts';

/** Says of each agent and input once that its budget leaves something out, however often it does. */
export function createCutNotices(notices: Notices): (question: Question) => void {
  const said = new Set<string>();
  return ({ scope, role, cuts }) => {
    const agent = scope.split('.')[1] ?? scope;
    for (const { input, tokens, lines, leftOut } of cuts) {
      const key = `${agent} ${input}`;
      if (said.has(key)) continue;
      said.add(key);
      notices.warn(
        `${input} of ${agent} is more than the ${tokens} tokens that prompts/${role}.md gives it: ${leftOut} of ${lines} lines left out, the first time`,
      );
    }
  };
}
