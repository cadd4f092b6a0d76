/** The middle one; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Three significant digits: what a noisy machine supports. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Rounds after which what runs has been compiled for good. */
const warmUp = 3;

/** Median times in milliseconds of several pieces of work, run by turns so that a slow moment hits all of them. */
export function medianMs(times: number, works: readonly (() => unknown)[]): readonly number[] {
  const taken: number[][] = works.map(() => []);
  for (let time = 0; time < times + warmUp; time++) {
    works.forEach((work, at) => {
      const started = performance.now();
      work();
      // The first rounds warm up.
      if (time >= warmUp) taken[at]!.push(performance.now() - started);
    });
  }
  return taken.map(median);
}
