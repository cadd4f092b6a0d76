import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { windowSum } from './window-sum.ts';

/**
 * Exponential moving average with weight 2 / (period + 1), seeded, as in TA-Lib, with the simple average of the
 * first `period` values. First value at index `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function ema(values: Float64Array, period: number): Float64Array {
  return computeWhole(values.length, (to) => addEma(to, wholeColumn(values), period));
}

export function addEma(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const first = input.first + period - 1;
  const average = to.column(first);
  let state = 0;
  to.step(first, (from, end) => {
    const [{ values }, out] = [input, average.values];
    const weight = 2 / (period + 1);
    let current = state;
    let i = from;
    if (i === first) {
      current = windowSum(values, period, i) / period;
      out[i++] = current;
    }
    for (; i < end; i++) {
      current += (values[i]! - current) * weight;
      out[i] = current;
    }
    state = current;
  });
  return average;
}
