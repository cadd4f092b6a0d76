import { requirePeriod, warmingUp } from './period.ts';

/**
 * Simple moving average: the mean of the last `period` values. First value at index `period - 1`.
 *
 * The sum slides, and is taken anew once every `period` bars: otherwise one absurd value would leave its
 * rounding error behind for ever.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function sma(values: Float64Array, period: number): Float64Array {
  requirePeriod(period);
  const average = warmingUp(values.length);
  for (let anchor = period - 1; anchor < values.length; anchor += period) {
    let sum = 0;
    for (let i = anchor - period + 1; i <= anchor; i++) sum += values[i]!;
    average[anchor] = sum / period;
    const end = Math.min(anchor + period, values.length);
    for (let i = anchor + 1; i < end; i++) {
      sum += values[i]! - values[i - period]!;
      average[i] = sum / period;
    }
  }
  return average;
}
