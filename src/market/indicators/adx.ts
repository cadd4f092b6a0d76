import { requirePeriod, warmingUp } from './period.ts';
import { trueRange } from './true-range.ts';

export interface Adx {
  /** Strength of the trend whichever way it goes, 0 … 100. First value at index `2 · period - 1`. */
  readonly adx: Float64Array;
  /** Share of upward movement, 0 … 100. First value at index `period`. */
  readonly plusDi: Float64Array;
  /** Share of downward movement, 0 … 100. First value at index `period`. */
  readonly minusDi: Float64Array;
}

/**
 * Average directional index and both directional indicators (Wilder, 1978), in TA-Lib's convention: the smoothed
 * sums are seeded with the first `period - 1` moves. Where nothing moves, DI is 0 and ADX keeps its value.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function adx(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Adx {
  requirePeriod(period);
  const plusDi = warmingUp(close.length);
  const minusDi = warmingUp(close.length);
  const index = warmingUp(close.length);
  const range = trueRange(high, low, close);
  const firstIndex = 2 * period - 1;
  let plusSum = 0;
  let minusSum = 0;
  let rangeSum = 0;
  let current = 0;
  for (let i = 1; i < close.length; i++) {
    const up = high[i]! - high[i - 1]!;
    const down = low[i - 1]! - low[i]!;
    const keep = i < period ? 1 : 1 - 1 / period;
    plusSum = plusSum * keep + (up > 0 && up > down ? up : 0);
    minusSum = minusSum * keep + (down > 0 && down > up ? down : 0);
    rangeSum = rangeSum * keep + range[i]!;
    if (i < period) continue;

    const plus = rangeSum > 0 ? (100 * plusSum) / rangeSum : 0;
    const minus = rangeSum > 0 ? (100 * minusSum) / rangeSum : 0;
    plusDi[i] = plus;
    minusDi[i] = minus;
    const moved = plus + minus;
    if (i <= firstIndex) {
      // The mean of the first `period` directional indices; one without movement counts as 0.
      if (moved > 0) current += (100 * Math.abs(plus - minus)) / moved / period;
      if (i === firstIndex) index[i] = current;
    } else {
      if (moved > 0) current = (current * (period - 1) + (100 * Math.abs(plus - minus)) / moved) / period;
      index[i] = current;
    }
  }
  return { adx: index, plusDi, minusDi };
}
