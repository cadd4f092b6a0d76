import { emaFrom } from './ema.ts';
import { requirePeriod, warmingUp } from './period.ts';

export interface Macd {
  /** Fast average minus slow average. */
  readonly line: Float64Array;
  /** Exponential average of the line. */
  readonly signal: Float64Array;
  /** Line minus signal. */
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence/divergence (Appel). TA-Lib's convention: the fast average is seeded late, so that both
 * averages start at index `slow - 1`, and all three lines are shown from `slow + signal - 2` on (33 for 12, 26, 9).
 *
 * @throws RangeError when a period is not a whole number ≥ 1, or `fast` is not below `slow`.
 */
export function macd(close: Float64Array, fast: number, slow: number, signal: number): Macd {
  for (const period of [fast, slow, signal]) requirePeriod(period);
  if (fast >= slow)
    throw new RangeError(`the fast period must be below the slow one; got ${fast} and ${slow}`);
  const difference = emaFrom(close, fast, slow - 1);
  const slowAverage = emaFrom(close, slow, slow - 1);
  for (let i = slow - 1; i < close.length; i++) difference[i]! -= slowAverage[i]!;

  const first = slow + signal - 2;
  const smoothed = emaFrom(difference, signal, first);
  const line = warmingUp(close.length);
  const histogram = warmingUp(close.length);
  for (let i = first; i < close.length; i++) {
    line[i] = difference[i]!;
    histogram[i] = difference[i]! - smoothed[i]!;
  }
  return { line, signal: smoothed, histogram };
}
