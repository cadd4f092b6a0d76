import { warmingUp } from './period.ts';

/**
 * True range (Wilder, 1978): the span of the bar, extended to the previous close. First value at index 1, since the
 * first bar has no previous close.
 */
export function trueRange(high: Float64Array, low: Float64Array, close: Float64Array): Float64Array {
  const range = warmingUp(close.length);
  for (let i = 1; i < close.length; i++) {
    const before = close[i - 1]!;
    let span = high[i]! - low[i]!;
    const fromAbove = Math.abs(high[i]! - before);
    const fromBelow = Math.abs(before - low[i]!);
    if (fromAbove > span) span = fromAbove;
    if (fromBelow > span) span = fromBelow;
    range[i] = span;
  }
  return range;
}
