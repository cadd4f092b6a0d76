import { setTimeout as delay } from 'node:timers/promises';
import { sinceProcessStartMs } from '../core/index.ts';
import { homeLocked, takeHomeLock } from './home-lock.ts';

export interface Turn {
  /** What is kept from others meanwhile, as it begins a sentence. */
  readonly what: string;
  /** What others are told who find it taken, e.g. `orrery data import`. */
  readonly holder: string;
  /** How long to wait for whoever has it. */
  readonly patienceMs: number;
}

/**
 * Does work that must not be done twice at once, in this process or another; `path` is the lock file. A dead holder's
 * turn is over.
 * @throws OrreryError `home-locked` when the turn does not come in time; `database-failed` when nothing can be written there
 */
export async function inTurn<Result>(path: string, turn: Turn, work: () => Promise<Result>): Promise<Result> {
  const deadline = sinceProcessStartMs() + turn.patienceMs;
  for (;;) {
    const attempt = await takeHomeLock(path, { holder: turn.holder, access: 'own' });
    if (attempt.kind === 'taken') {
      try {
        return await work();
      } finally {
        await attempt.lock.release();
      }
    }
    if (sinceProcessStartMs() > deadline) throw homeLocked(path, attempt.by, turn.what);
    await delay(20);
  }
}
