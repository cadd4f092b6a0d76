import type { CandleSeries } from '../core/index.ts';
import type { Market } from '../engine/index.ts';

/** The same markets with candles in memory that threads share instead of copying. */
export function sharedMarkets(markets: readonly Market[]): readonly Market[] {
  return markets.map((market) => ({ ...market, series: sharedSeries(market.series) }));
}

function sharedSeries(series: CandleSeries): CandleSeries {
  const { symbol, intervalMs, length, openTime, open, high, low, close, volume } = series;
  return {
    symbol,
    intervalMs,
    length,
    openTime: sharedColumn(openTime),
    open: sharedColumn(open),
    high: sharedColumn(high),
    low: sharedColumn(low),
    close: sharedColumn(close),
    volume: sharedColumn(volume),
  };
}

function sharedColumn(column: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
}
