import type { Column, Computation } from './computation.ts';
import { addRsi } from './rsi.ts';
import { addStochasticFast, type StochasticColumns } from './stochastic.ts';

/**
 * Fast stochastic oscillator of the relative strength index (Chande and Kroll, 1994), 0 … 100. First values at index
 * `strength + period + signal - 2`.
 *
 * @throws RangeError when a period is not a whole number ≥ 1.
 */
export function addStochasticRsi(
  to: Computation,
  input: Column,
  strength: number,
  period: number,
  signal: number,
): StochasticColumns {
  const index = addRsi(to, input, strength);
  return addStochasticFast(to, { high: index, low: index, close: index }, period, signal);
}
