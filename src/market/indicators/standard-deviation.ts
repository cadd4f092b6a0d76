import { requirePeriod, warmingUp } from './period.ts';

export interface MeanAndDeviation {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Population standard deviation (divided by n, as in TA-Lib) of the last `period` values. First value at index
 * `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function standardDeviation(values: Float64Array, period: number): Float64Array {
  return meanAndDeviation(values, period).deviation;
}

/**
 * Mean and population standard deviation of the last `period` values in one pass.
 *
 * Welford's update slides over the values, since a sum of squares loses a small deviation beside a large price; both
 * moments are taken anew once every `period` bars, so that no old value outlives its window by more than that.
 * A window of equal values has deviation 0 exactly, never a rounding error that a ratio would blow up.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function meanAndDeviation(values: Float64Array, period: number): MeanAndDeviation {
  requirePeriod(period);
  const mean = warmingUp(values.length);
  const deviation = warmingUp(values.length);
  for (let start = 0; start + period <= values.length; start += period) {
    const anchor = start + period - 1;
    let average = 0;
    for (let i = start; i <= anchor; i++) average += values[i]!;
    average /= period;
    let squares = 0;
    for (let i = start; i <= anchor; i++) squares += (values[i]! - average) * (values[i]! - average);

    const end = Math.min(anchor + period, values.length);
    for (let i = anchor; i < end; i++) {
      const value = values[i]!;
      if (i > anchor) {
        const gone = values[i - period]!;
        const before = average;
        average += (value - gone) / period;
        squares += (value - gone) * (value - average + gone - before);
      }
      mean[i] = average;
      deviation[i] = Math.sqrt(Math.max(squares, 0) / period);
    }
  }
  settleFlatWindows(values, period, mean, deviation);
  return { mean, deviation };
}

/** Sets mean and deviation exactly wherever the last `period` values are all the same. */
function settleFlatWindows(
  values: Float64Array,
  period: number,
  mean: Float64Array,
  deviation: Float64Array,
): void {
  let equal = 1;
  for (let i = 1; i < values.length; i++) {
    equal = values[i] === values[i - 1] ? equal + 1 : 1;
    if (equal < period) continue;
    mean[i] = values[i]!;
    deviation[i] = 0;
  }
}
