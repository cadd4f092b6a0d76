import type { CandleSeries } from '../core/index.ts';

/** The first `length` bars, in the same memory: what follows cannot be read. The series itself when it is no longer. */
export function firstBars(series: CandleSeries, length: number): CandleSeries {
  if (series.length <= length) return series;
  const { symbol, intervalMs, openTime, open, high, low, close, volume } = series;
  return {
    symbol,
    intervalMs,
    length,
    openTime: openTime.subarray(0, length),
    open: open.subarray(0, length),
    high: high.subarray(0, length),
    low: low.subarray(0, length),
    close: close.subarray(0, length),
    volume: volume.subarray(0, length),
  };
}
