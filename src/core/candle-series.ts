import type { EpochMs } from './clock.ts';

/**
 * Candles of one instrument as columns, oldest first, all of one length; never changed once made.
 * `openTime` is strictly increasing epoch milliseconds; a bar is known at `openTime + intervalMs`.
 */
export interface CandleSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly length: number;
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** When bar `index` ends and everything in it is known. */
export function closeTime(series: CandleSeries, index: number): EpochMs {
  return series.openTime[index]! + series.intervalMs;
}
