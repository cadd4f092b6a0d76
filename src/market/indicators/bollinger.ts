import { meanAndDeviation } from './standard-deviation.ts';

export interface Bollinger {
  readonly upper: Float64Array;
  /** Simple average of the last `period` values. */
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/**
 * Bollinger bands: the simple average, and `width` population standard deviations above and below it.
 * First value at index `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function bollinger(close: Float64Array, period: number, width = 2): Bollinger {
  const { mean: middle, deviation } = meanAndDeviation(close, period);
  const upper = new Float64Array(close.length);
  const lower = new Float64Array(close.length);
  for (let i = 0; i < close.length; i++) {
    const distance = width * deviation[i]!;
    upper[i] = middle[i]! + distance;
    lower[i] = middle[i]! - distance;
  }
  return { upper, middle, lower };
}
