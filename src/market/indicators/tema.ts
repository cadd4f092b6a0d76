import type { Column, Computation } from './computation.ts';
import { addEma } from './ema.ts';

/**
 * Triple exponential moving average (Mulloy, 1994), three times the first average less three times its average plus
 * the average of that. First value at index `3 · (period - 1)`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addTema(to: Computation, input: Column, period: number): Column {
  const once = addEma(to, input, period);
  const twice = addEma(to, once, period);
  const thrice = addEma(to, twice, period);
  const average = to.column(thrice.first);
  to.step(thrice.first, (from, end) => {
    const [single, double, triple, out] = [once.values, twice.values, thrice.values, average.values];
    for (let i = from; i < end; i++) out[i] = 3 * single[i]! - 3 * double[i]! + triple[i]!;
  });
  return average;
}
