import type { Column, Computation } from './computation.ts';
import { requirePeriod } from './period.ts';

/**
 * Sum of the last `period` values. First value `period - 1` bars after the first of `input`.
 *
 * Nothing is ever subtracted: each sum is the tail of one block of `period` values and the head of the next. So a
 * window of zeros sums to 0 exactly and one of values ≥ 0 is never below 0, which those who divide by it rely on.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addSlidingSum(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const first = input.first + period - 1;
  const sums = to.column(first);
  /** At k the sum of the block before from its value k on; 0 past its end. */
  const tails = new Float64Array(period + 1);
  let head = 0;
  let place = 0;
  to.step(input.first, (from, end) => {
    const { values } = input;
    const out = sums.values;
    for (let i = from; i < end; i++) {
      head += values[i]!;
      place++;
      if (i >= first) out[i] = tails[place]! + head;
      if (place < period) continue;
      for (let k = period - 1; k >= 0; k--) tails[k] = tails[k + 1]! + values[i - period + 1 + k]!;
      head = 0;
      place = 0;
    }
  });
  return sums;
}
