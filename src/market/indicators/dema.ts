import type { Column, Computation } from './computation.ts';
import { addEma } from './ema.ts';

/**
 * Double exponential moving average (Mulloy, 1994): twice the average less the average of the average, which takes
 * out the lag on a straight line. First value at index `2 · (period - 1)`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addDema(to: Computation, input: Column, period: number): Column {
  const once = addEma(to, input, period);
  const twice = addEma(to, once, period);
  const average = to.column(twice.first);
  to.step(twice.first, (from, end) => {
    const [single, double, out] = [once.values, twice.values, average.values];
    for (let i = from; i < end; i++) out[i] = 2 * single[i]! - double[i]!;
  });
  return average;
}
