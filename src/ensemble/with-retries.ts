import { setTimeout as wait } from 'node:timers/promises';
import { asOrreryError } from '../core/index.ts';
import type { Answer, Turn, Work } from './runner.ts';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Tries again after an error that may pass, with pauses that double from 0.1 s to 5 s. */
export function withRetries(retries: number, work: Work): Work {
  if (retries === 0) return work;
  return { ...work, answer: (turn) => answerInTries(work, turn, retries) };
}

async function answerInTries(work: Work, turn: Turn, retries: number): Promise<Answer> {
  for (let retry = 0; ; retry++) {
    try {
      return await work.answer(turn);
    } catch (thrown) {
      if (retry === retries || turn.signal.aborted || !asOrreryError(thrown).retryable) throw thrown;
    }
    await wait(Math.min(longestPauseMs, firstPauseMs * 2 ** retry), undefined, { signal: turn.signal }).catch(
      () => turn.signal.throwIfAborted(),
    );
  }
}
