import type { Column, Computation } from './computation.ts';
import { requirePeriod } from './period.ts';

/**
 * Rate of change: by how many per cent a value differs from that of `period` bars before. First value `period` bars
 * after the first of `input`. Against 0 it is 0, as in TA-Lib.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addRoc(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const change = to.column(input.first + period);
  to.step(change.first, (from, end) => {
    const [{ values }, out] = [input, change.values];
    for (let i = from; i < end; i++) {
      const before = values[i - period]!;
      out[i] = before === 0 ? 0 : (values[i]! / before - 1) * 100;
    }
  });
  return change;
}
