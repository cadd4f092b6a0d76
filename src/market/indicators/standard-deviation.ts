import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { windowSum } from './window-sum.ts';

/**
 * Population standard deviation (divided by n, as in TA-Lib) of the last `period` values. First value at index
 * `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function standardDeviation(values: Float64Array, period: number): Float64Array {
  return computeWhole(values.length, (to) => addMeanAndDeviation(to, wholeColumn(values), period).deviation);
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
export function addMeanAndDeviation(to: Computation, input: Column, period: number) {
  requirePeriod(period);
  const first = input.first + period - 1;
  const [mean, deviation] = [to.column(first), to.column(first)];
  let anchor = first;
  let state = { average: 0, squares: 0, since: 0 };
  to.step(first, (from, end) => {
    const { values } = input;
    const [meanOut, deviationOut] = [mean.values, deviation.values];
    const reach = period - 1;
    let { average, squares, since } = state;
    for (let i = from; i < end; ) {
      if (i === anchor) {
        average = windowSum(values, period, i) / period;
        squares = squaresAround(average, values, period, i);
        since = equalSince(values, period, i);
        const flat = i - since === reach;
        meanOut[i] = flat ? values[i]! : average;
        deviationOut[i] = flat ? 0 : Math.sqrt(squares / period);
        anchor += period;
        i++;
      }
      const stop = Math.min(anchor, end);
      for (; i < stop; i++) {
        const value = values[i]!;
        const gone = values[i - period]!;
        const before = average;
        average += (value - gone) / period;
        squares += (value - gone) * (value - average + gone - before);
        if (value !== values[i - 1]) since = i;
        const flat = i - since >= reach;
        meanOut[i] = flat ? value : average;
        deviationOut[i] = flat ? 0 : Math.sqrt(Math.max(squares, 0) / period);
      }
    }
    state = { average, squares, since };
  });
  return { mean, deviation };
}

function squaresAround(average: number, values: Float64Array, period: number, last: number): number {
  let squares = 0;
  for (let i = last - period + 1; i <= last; i++) {
    squares += (values[i]! - average) * (values[i]! - average);
  }
  return squares;
}

/** Index, within the `period` values that end at index `last`, from which on they are all the same. */
function equalSince(values: Float64Array, period: number, last: number): number {
  let since = last;
  while (since > last - period + 1 && values[since - 1] === values[last]) since--;
  return since;
}
