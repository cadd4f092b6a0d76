// What each thread of a sweep does: started by sweep-threads.ts, never imported.
import { parentPort, workerData } from 'node:worker_threads';
import { loadStrategy } from '../strategies/index.ts';
import { createPlayer, taskCount } from './sweep-player.ts';
import type { ThreadData } from './sweep-threads.ts';
import { type PlayedTask, playInTurns } from './sweep-turns.ts';

const { job, counter }: ThreadData = workerData;
const strategy = await loadStrategy(job.source);

await playInTurns(counter, taskCount(job), createPlayer(strategy, job), post);

function post(played: readonly PlayedTask[]): void {
  const buffers = played.flatMap(({ trial }) => (trial.daily === null ? [] : [trial.daily.buffer]));
  parentPort?.postMessage(played, buffers);
}
