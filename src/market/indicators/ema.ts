import { requirePeriod, warmingUp } from './period.ts';

/**
 * Exponential moving average with weight 2 / (period + 1), seeded, as in TA-Lib, with the simple average of the
 * first `period` values. First value at index `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function ema(values: Float64Array, period: number): Float64Array {
  return emaFrom(values, period, period - 1);
}

/**
 * The same average, but seeded with the simple average of the `period` values that end at `first`, which is where
 * it starts. MACD needs it: both of its averages start at one bar.
 */
export function emaFrom(values: Float64Array, period: number, first: number): Float64Array {
  requirePeriod(period);
  const average = warmingUp(values.length);
  if (first >= values.length) return average;
  let sum = 0;
  for (let i = first - period + 1; i <= first; i++) sum += values[i]!;
  let current = sum / period;
  average[first] = current;
  const weight = 2 / (period + 1);
  for (let i = first + 1; i < values.length; i++) {
    current += (values[i]! - current) * weight;
    average[i] = current;
  }
  return average;
}
