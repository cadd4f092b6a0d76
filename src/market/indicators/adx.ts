import type { PriceInputs } from './candle-inputs.ts';
import { Computation, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { trueRangeOf } from './true-range.ts';

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
  const computation = new Computation();
  const columns = { high: wholeColumn(high), low: wholeColumn(low), close: wholeColumn(close) };
  const { adx: index, plusDi, minusDi } = addAdx(computation, columns, period);
  computation.advance(close.length);
  return { adx: index.values, plusDi: plusDi.values, minusDi: minusDi.values };
}

export function addAdx(to: Computation, { high, low, close }: PriceInputs, period: number) {
  requirePeriod(period);
  const first = 2 * period - 1;
  const [index, plusDi, minusDi] = [to.column(first), to.column(period), to.column(period)];
  let state = { plusSum: 0, minusSum: 0, rangeSum: 0, current: 0 };
  to.step(1, (from, end) => {
    const [highs, lows, closes] = [high.values, low.values, close.values];
    const [indexOut, plusOut, minusOut] = [index.values, plusDi.values, minusDi.values];
    let { plusSum, minusSum, rangeSum, current } = state;
    for (let i = from; i < end; i++) {
      const up = highs[i]! - highs[i - 1]!;
      const down = lows[i - 1]! - lows[i]!;
      const keep = i < period ? 1 : 1 - 1 / period;
      plusSum = plusSum * keep + (up > 0 && up > down ? up : 0);
      minusSum = minusSum * keep + (down > 0 && down > up ? down : 0);
      rangeSum = rangeSum * keep + trueRangeOf(highs[i]!, lows[i]!, closes[i - 1]!);
      if (i < period) continue;

      const plus = rangeSum > 0 ? (100 * plusSum) / rangeSum : 0;
      const minus = rangeSum > 0 ? (100 * minusSum) / rangeSum : 0;
      plusOut[i] = plus;
      minusOut[i] = minus;
      const moved = plus + minus;
      if (i > first) {
        if (moved > 0) current = (current * (period - 1) + (100 * Math.abs(plus - minus)) / moved) / period;
      } else {
        // The mean of the first `period` directional indices; one without movement counts as 0.
        if (moved > 0) current += (100 * Math.abs(plus - minus)) / moved / period;
        if (i < first) continue;
      }
      indexOut[i] = current;
    }
    state = { plusSum, minusSum, rangeSum, current };
  });
  return { adx: index, plusDi, minusDi };
}
