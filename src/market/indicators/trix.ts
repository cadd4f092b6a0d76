import type { Column, Computation } from './computation.ts';
import { addEma } from './ema.ts';
import { addRoc } from './roc.ts';

/**
 * TRIX (Hutson, 1983): by how many per cent the triply smoothed average changes from one bar to the next. First value
 * at index `3 · (period - 1) + 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addTrix(to: Computation, input: Column, period: number): Column {
  const thrice = addEma(to, addEma(to, addEma(to, input, period), period), period);
  return addRoc(to, thrice, 1);
}
