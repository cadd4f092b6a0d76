import { requirePeriod, warmingUp } from './period.ts';

/**
 * Relative strength index (Wilder, 1978), 0 … 100: average gain over average gain plus average loss, both smoothed
 * by Wilder's 1 / period and seeded with the mean of the first `period` moves. First value at index `period`.
 * As in TA-Lib, a price that has not moved at all gives 0.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function rsi(values: Float64Array, period: number): Float64Array {
  requirePeriod(period);
  const index = warmingUp(values.length);
  if (period >= values.length) return index;
  let gain = 0;
  let loss = 0;
  for (let i = 1; i <= period; i++) {
    const move = values[i]! - values[i - 1]!;
    if (move > 0) gain += move;
    else loss -= move;
  }
  gain /= period;
  loss /= period;
  index[period] = strength(gain, loss);
  const weight = 1 / period;
  const keep = 1 - weight;
  for (let i = period + 1; i < values.length; i++) {
    const move = values[i]! - values[i - 1]!;
    gain = gain * keep + (move > 0 ? move * weight : 0);
    loss = loss * keep - (move < 0 ? move * weight : 0);
    index[i] = strength(gain, loss);
  }
  return index;
}

function strength(gain: number, loss: number): number {
  const moved = gain + loss;
  return moved === 0 ? 0 : (100 * gain) / moved;
}
