import type { Column, Computation } from './computation.ts';
import { requirePeriod } from './period.ts';

/**
 * By how much a value differs from that of `period` bars before. First value `period` bars after the first of `input`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addMomentum(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const change = to.column(input.first + period);
  to.step(change.first, (from, end) => {
    const [{ values }, out] = [input, change.values];
    for (let i = from; i < end; i++) out[i] = values[i]! - values[i - period]!;
  });
  return change;
}
