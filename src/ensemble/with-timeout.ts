import { OrreryError, sinceProcessStartMs } from '../core/index.ts';
import type { Answer, Turn, Work } from './runner.ts';
import { turnBut, turnUntil } from './turn.ts';

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

/** An answer that is given at once needs no promise. By the clock too: a busy process hears its timers late. */
function answerInTime(work: Work, turn: Turn, { timeoutMs, tooLate }: Limit): Answer | Promise<Answer> {
  const { deadlines } = turn;
  const begunMs = sinceProcessStartMs();
  const isLate = () => sinceProcessStartMs() - begunMs > timeoutMs;
  let giveUp = (_error: OrreryError) => {};
  let over = false;
  const deadline = deadlines.begin(timeoutMs, () => {
    over = true;
    giveUp(tooLate());
  });
  const { onText } = turn;
  const heard = onText === null ? turn : turnBut(turn, { onText: (piece) => over || onText(piece) });
  let given: Answer | Promise<Answer> | null = null;
  try {
    given = work.answer(turnUntil(deadline, heard));
  } finally {
    if (!(given instanceof Promise)) deadlines.end(deadline);
  }
  if (!(given instanceof Promise)) {
    if (isLate()) throw tooLate();
    return given;
  }
  const answers = given;
  return new Promise((resolve, reject) => {
    giveUp = reject;
    answers.then(
      (answer) => {
        deadlines.end(deadline);
        if (isLate()) reject(tooLate());
        else resolve(answer);
      },
      (thrown) => {
        deadlines.end(deadline);
        reject(thrown);
      },
    );
  });
}
