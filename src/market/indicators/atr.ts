import type { PriceInputs } from './candle-inputs.ts';
import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { trueRangeOf } from './true-range.ts';

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
  const columns = { high: wholeColumn(high), low: wholeColumn(low), close: wholeColumn(close) };
  return computeWhole(close.length, (to) => addAtr(to, columns, period));
}

export function addAtr(to: Computation, { high, low, close }: PriceInputs, period: number): Column {
  requirePeriod(period);
  const first = period;
  const average = to.column(first);
  let state = 0;
  to.step(first, (from, end) => {
    const [highs, lows, closes, out] = [high.values, low.values, close.values, average.values];
    const weight = 1 / period;
    const keep = 1 - weight;
    let current = state;
    let i = from;
    if (i === first) {
      current = 0;
      for (let bar = 1; bar <= i; bar++) current += trueRangeOf(highs[bar]!, lows[bar]!, closes[bar - 1]!);
      current /= period;
      out[i++] = current;
    }
    for (; i < end; i++) {
      current = current * keep + trueRangeOf(highs[i]!, lows[i]!, closes[i - 1]!) * weight;
      out[i] = current;
    }
    state = current;
  });
  return average;
}
