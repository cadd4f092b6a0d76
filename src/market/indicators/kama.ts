import type { Column, Computation } from './computation.ts';
import { addSlidingSum } from './sliding-sum.ts';

/** Weights of an exponential average of 2 and of 30 bars, between which the weight moves. */
const fastest = 2 / (2 + 1);
const slowest = 2 / (30 + 1);

/**
 * Adaptive moving average (Kaufman, 1995): the straighter the last `period` bars, the closer it follows. Seeded with
 * the value before its first, which stands at index `period`. A price that has not moved counts as straight.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addKama(to: Computation, input: Column, period: number): Column {
  const path = addSlidingSum(to, addStride(to, input), period);
  const average = to.column(path.first);
  let current = Number.NaN;
  to.step(path.first, (from, end) => {
    const [{ values }, walked, out] = [input, path.values, average.values];
    if (from === path.first) current = values[from - 1]!;
    for (let i = from; i < end; i++) {
      const distance = Math.abs(values[i]! - values[i - period]!);
      const efficiency = walked[i]! <= distance ? 1 : distance / walked[i]!;
      const weight = efficiency * (fastest - slowest) + slowest;
      current += (values[i]! - current) * weight * weight;
      out[i] = current;
    }
  });
  return average;
}

/** How far each value lies from the one before, whichever way. */
function addStride(to: Computation, input: Column): Column {
  const stride = to.column(input.first + 1);
  to.step(stride.first, (from, end) => {
    const [{ values }, out] = [input, stride.values];
    for (let i = from; i < end; i++) out[i] = Math.abs(values[i]! - values[i - 1]!);
  });
  return stride;
}
