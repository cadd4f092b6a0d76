import { sinceProcessStartMs } from '../core/index.ts';
import type { SweepTrial } from '../engine/index.ts';

/** A task that has been played. */
export interface PlayedTask {
  readonly task: number;
  readonly trial: SweepTrial;
}

/** Long enough that handing over costs nothing, short enough for a person who watches or presses Ctrl-C. */
const turnMs = 40;

/**
 * Plays tasks until none is left, and hands over what was played at the end of each turn. Whoever plays beside takes
 * tasks from the same counter, in shared memory: nobody waits while there is something to do, and nothing is played
 * twice.
 */
export async function playInTurns(
  counter: Int32Array,
  total: number,
  play: (task: number) => SweepTrial,
  handOver: (played: readonly PlayedTask[]) => Promise<void> | void,
): Promise<void> {
  let played: PlayedTask[] = [];
  let since = sinceProcessStartMs();
  for (let task = Atomics.add(counter, 0, 1); task < total; task = Atomics.add(counter, 0, 1)) {
    played.push({ task, trial: play(task) });
    if (sinceProcessStartMs() - since < turnMs) continue;
    await handOver(played);
    played = [];
    since = sinceProcessStartMs();
  }
  await handOver(played);
}
