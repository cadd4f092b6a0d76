import { setTimeout as wait } from 'node:timers/promises';
import { asOrreryError } from '../core/index.ts';
import type { Answer, Turn, Work } from './runner.ts';
import { turnBut } from './turn.ts';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Tries again after an error that may pass, with pauses that double from 0.1 s to 5 s; never when somebody has read the beginning of an answer. */
export function withRetries(retries: number, work: Work): Work {
  if (retries === 0) return work;
  return { ...work, answer: (turn) => answerInTries(work, turn, retries) };
}

async function answerInTries(work: Work, turn: Turn, retries: number): Promise<Answer> {
  const shown = noteText(turn);
  for (let retry = 0; ; retry++) {
    try {
      return await work.answer(shown.turn);
    } catch (thrown) {
      if (retry === retries || turn.signal.aborted || shown.any()) throw thrown;
      if (!asOrreryError(thrown).retryable) throw thrown;
    }
    await wait(Math.min(longestPauseMs, firstPauseMs * 2 ** retry), undefined, { signal: turn.signal }).catch(
      () => turn.signal.throwIfAborted(),
    );
  }
}

/** The turn, and whether any text of it was shown. */
function noteText(turn: Turn): { readonly turn: Turn; any(): boolean } {
  const { onText } = turn;
  if (onText === null) return { turn, any: () => false };
  let any = false;
  const noted = turnBut(turn, {
    onText: (piece) => {
      any = true;
      onText(piece);
    },
  });
  return { turn: noted, any: () => any };
}
