import { requirePeriod, warmingUp } from './period.ts';
import { trueRange } from './true-range.ts';

/**
 * Average true range (Wilder, 1978): true range smoothed by 1 / period, seeded with the mean of the first `period`
 * ranges. First value at index `period`. In the unit of the price.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function atr(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
): Float64Array {
  requirePeriod(period);
  const average = warmingUp(close.length);
  if (period >= close.length) return average;
  const range = trueRange(high, low, close);
  let current = 0;
  for (let i = 1; i <= period; i++) current += range[i]!;
  current /= period;
  average[period] = current;
  const weight = 1 / period;
  const keep = 1 - weight;
  for (let i = period + 1; i < close.length; i++) {
    current = current * keep + range[i]! * weight;
    average[i] = current;
  }
  return average;
}
