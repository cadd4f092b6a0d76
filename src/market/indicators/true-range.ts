import type { PriceInputs } from './candle-inputs.ts';
import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';

/**
 * True range (Wilder, 1978): the span of the bar, extended to the previous close. First value at index 1, since the
 * first bar has no previous close.
 */
export function trueRange(high: Float64Array, low: Float64Array, close: Float64Array): Float64Array {
  const columns = { high: wholeColumn(high), low: wholeColumn(low), close: wholeColumn(close) };
  return computeWhole(close.length, (to) => addTrueRange(to, columns));
}

export function addTrueRange(to: Computation, { high, low, close }: PriceInputs): Column {
  const range = to.column(1);
  to.step(range.first, (from, end) => {
    const [highs, lows, closes, out] = [high.values, low.values, close.values, range.values];
    for (let i = from; i < end; i++) out[i] = trueRangeOf(highs[i]!, lows[i]!, closes[i - 1]!);
  });
  return range;
}

/** Of one bar, `before` being the previous close. */
export function trueRangeOf(high: number, low: number, before: number): number {
  return Math.max(high - low, Math.abs(high - before), Math.abs(before - low));
}
