import { OrreryError } from '../core/index.ts';
import type { Answer, Turn, Work } from './runner.ts';
import { turnUntil } from './turn.ts';

/** Gives a try so much time, tells it to stop, and hears nothing it says later. */
export function withTimeout(agent: string, timeoutMs: number | null, work: Work): Work {
  if (timeoutMs === null) return work;
  const tooLate = () =>
    new OrreryError('agent-timeout', `\`${agent}\` gave no answer within ${timeoutMs} ms`, {
      hint: 'Raise its timeoutMs, or give it retries.',
    });
  return { ...work, answer: (turn) => answerInTime(work, turn, { timeoutMs, tooLate }) };
}

interface Limit {
  readonly timeoutMs: number;
  readonly tooLate: () => OrreryError;
}

/** An answer that is given at once needs no promise. */
function answerInTime(work: Work, turn: Turn, { timeoutMs, tooLate }: Limit): Answer | Promise<Answer> {
  const { deadlines } = turn;
  let giveUp = (_error: OrreryError) => {};
  const deadline = deadlines.begin(timeoutMs, () => giveUp(tooLate()));
  let given: Answer | Promise<Answer> | null = null;
  try {
    given = work.answer(turnUntil(deadline, turn));
  } finally {
    if (!(given instanceof Promise)) deadlines.end(deadline);
  }
  if (!(given instanceof Promise)) return given;
  return new Promise((resolve, reject) => {
    giveUp = reject;
    given.then(
      (answer) => {
        deadlines.end(deadline);
        resolve(answer);
      },
      (thrown) => {
        deadlines.end(deadline);
        reject(thrown);
      },
    );
  });
}
