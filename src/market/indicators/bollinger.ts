import { type Column, Computation, wholeColumn } from './computation.ts';
import { addMeanAndDeviation } from './standard-deviation.ts';

export interface Bollinger {
  readonly upper: Float64Array;
  /** Simple average of the last `period` values. */
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/**
 * Bollinger bands: the simple average, and `width` population standard deviations above and below it.
 * First value at index `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function bollinger(close: Float64Array, period: number, width = 2): Bollinger {
  const computation = new Computation();
  const { upper, middle, lower } = addBollinger(computation, wholeColumn(close), period, width);
  computation.advance(close.length);
  return { upper: upper.values, middle: middle.values, lower: lower.values };
}

export function addBollinger(to: Computation, input: Column, period: number, width: number) {
  // Nobody else reads this deviation, so the upper band takes its place: a column less to go through.
  const { mean: middle, deviation: upper } = addMeanAndDeviation(to, input, period);
  const lower = to.column(middle.first);
  to.step(middle.first, (from, end) => {
    const [mean, above, below] = [middle.values, upper.values, lower.values];
    for (let i = from; i < end; i++) {
      const distance = width * above[i]!;
      above[i] = mean[i]! + distance;
      below[i] = mean[i]! - distance;
    }
  });
  return { upper, middle, lower };
}
