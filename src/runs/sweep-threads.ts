import { once } from 'node:events';
import { extname, isAbsolute } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { OrreryError } from '../core/index.ts';
import type { Strategy, SweepTrial } from '../engine/index.ts';
import { createPlayer, type SweepJob, taskCount } from './sweep-player.ts';
import { type PlayedTask, playInTurns } from './sweep-turns.ts';

/** How somebody follows a sweep. */
export interface SweepWatch {
  /** Ends all threads at once. */
  readonly stop: AbortSignal;
  onProgress(done: number, total: number): void;
}

export interface ThreadData {
  readonly job: SweepJob;
  /** The next task that nobody has taken. */
  readonly counter: Int32Array;
}

/**
 * Plays every task of a job, on `workers` threads of which this process is one.
 * @returns what each task came to, by its number, whoever played it
 * @throws OrreryError `interrupted` when stopped, `strategy-invalid` when the strategy ends a thread
 */
export async function playAll(
  strategy: Strategy,
  job: SweepJob,
  workers: number,
  watch: SweepWatch,
): Promise<readonly SweepTrial[]> {
  const total = taskCount(job);
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from({ length: workers - 1 }, () => begin({ job, counter }));
  const trials = new Array<SweepTrial>(total);
  let done = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      watch.stop.addEventListener('abort', reject, { once: true });
      const keep = (played: readonly PlayedTask[]) => {
        for (const { task, trial } of played) trials[task] = trial;
        done += played.length;
        watch.onProgress(done, total);
        if (done === total) resolve();
      };
      const ended = threads.map((thread) => endOf(thread.on('message', keep), counter, job));
      const here = playInTurns(counter, total, createPlayer(strategy, job), async (played) => {
        keep(played);
        await setImmediate();
        watch.stop.throwIfAborted();
      });
      Promise.all([here, ...ended]).then(() => reject(lostThread(job)), reject);
    });
    return trials;
  } catch (thrown) {
    throw watch.stop.aborted ? stopped(done, total) : thrown;
  } finally {
    // Nobody takes another task, this thread included.
    Atomics.store(counter, 0, total);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function begin(workerData: ThreadData): Worker {
  const thread = new Worker(entry, { workerData, stdout: true });
  // What a strategy prints is no result.
  thread.stdout.pipe(process.stderr, { end: false });
  return thread;
}

const entry = new URL(`./sweep-thread${extname(import.meta.url)}`, import.meta.url);

function stopped(done: number, total: number): OrreryError {
  return new OrreryError('interrupted', `the sweep was stopped after ${done} of ${total} backtests`, {
    hint: 'Nothing of it is kept; start it again.',
  });
}

/** Resolves when a thread has ended because there was nothing left to do. */
async function endOf(thread: Worker, counter: Int32Array, job: SweepJob): Promise<void> {
  try {
    await once(thread, 'exit');
  } catch (thrown) {
    throw lostThread(job, thrown);
  }
  if (Atomics.load(counter, 0) < taskCount(job)) throw lostThread(job);
}

/** Nothing that ships ends a thread. */
function lostThread({ source }: SweepJob, thrown?: unknown): OrreryError {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const did =
    thrown === undefined
      ? 'ended a thread of the sweep before its work was done'
      : `failed in a thread of the sweep: ${words}`;
  return new OrreryError(
    isAbsolute(source) ? 'strategy-invalid' : 'internal',
    `${source} ${did.split('\n')[0]}`,
    {
      hint: 'A strategy must not end its thread, nor fail when its turn is over; --verbose shows where.',
      cause: thrown,
    },
  );
}
