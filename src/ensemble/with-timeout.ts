import { OrreryError } from '../core/index.ts';
import { Deadline } from './deadline.ts';
import type { Answer, Work } from './runner.ts';

/** Gives a try so much time, tells it to stop, and hears nothing it says later. */
export function withTimeout(agent: string, timeoutMs: number | null, work: Work): Work {
  if (timeoutMs === null) return work;
  return {
    ...work,
    answer: (turn) =>
      new Promise<Answer>((resolve, reject) => {
        const deadline = new Deadline(timeoutMs, turn.signal, () =>
          reject(
            new OrreryError('agent-timeout', `\`${agent}\` gave no answer within ${timeoutMs} ms`, {
              hint: 'Raise its timeoutMs, or give it retries.',
            }),
          ),
        );
        const given = begin(() => work.answer({ ...turn, signal: deadline.signal }));
        given.then(resolve, reject).finally(() => deadline.release());
      }),
  };
}

/** A work may throw at once. */
async function begin(work: () => Answer | Promise<Answer>): Promise<Answer> {
  return await work();
}
