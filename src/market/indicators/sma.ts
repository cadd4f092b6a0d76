import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { windowSum } from './window-sum.ts';

/**
 * Simple moving average: the mean of the last `period` values. First value at index `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function sma(values: Float64Array, period: number): Float64Array {
  return computeWhole(values.length, (to) => addSma(to, wholeColumn(values), period));
}

/**
 * The sum slides, and is taken anew once every `period` bars: otherwise one absurd value would leave its
 * rounding error behind for ever.
 */
export function addSma(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const first = input.first + period - 1;
  const average = to.column(first);
  let anchor = first;
  let sum = 0;
  to.step(first, (from, end) => {
    const { values } = input;
    const out = average.values;
    let sliding = sum;
    for (let i = from; i < end; ) {
      if (i === anchor) {
        sliding = windowSum(values, period, i);
        out[i++] = sliding / period;
        anchor += period;
      }
      const stop = Math.min(anchor, end);
      for (; i < stop; i++) {
        sliding += values[i]! - values[i - period]!;
        out[i] = sliding / period;
      }
    }
    sum = sliding;
  });
  return average;
}
