import { median } from './median.ts';

/** Median times in milliseconds of calls one after another, by turns so that a slow moment hits all of them. */
export async function callMedians(
  times: number,
  works: readonly (() => Promise<unknown>)[],
): Promise<readonly number[]> {
  const taken: number[][] = works.map(() => []);
  for (let time = 0; time < times; time++) {
    for (const [at, work] of works.entries()) {
      const started = performance.now();
      await work();
      if (time >= times / 10) taken[at]!.push(performance.now() - started);
    }
  }
  return taken.map(median);
}
