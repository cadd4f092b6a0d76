import type { AssetClass, CandleSeries, Instrument } from '../src/core/index.ts';
import { timeframeMs, timeframeOf } from '../src/core/index.ts';
import type { Market } from '../src/engine/index.ts';

/** What the bar was: a tuple of open and close (the range spans them), or null for a bar that is missing. */
export type BarShape = readonly [open: number, close: number] | null;

export interface MarketShape {
  readonly assetClass?: AssetClass;
  /** `1h` by default. */
  readonly timeframe?: string;
  /** Open of the first place, whether or not a bar stands there; the epoch by default. */
  readonly start?: number;
  /** Bars before this one warm up. */
  readonly from?: number;
}

/** A market of hand-made bars, all of them in range; volume is 1. */
export function marketOf(symbol: string, bars: readonly BarShape[], shape: MarketShape = {}): Market {
  const { assetClass = 'crypto', timeframe = '1h', start = 0, from = 0 } = shape;
  const series = seriesOf(symbol, bars, timeframeMs(timeframe), start);
  return { instrument: instrumentOf(symbol, assetClass, timeframe), series, from, to: series.length };
}

/** Every bar opens and closes at the price given. */
export function flatBars(prices: readonly number[]): readonly BarShape[] {
  return prices.map((price) => [price, price]);
}

export function instrumentOf(symbol: string, assetClass: AssetClass, timeframe: string): Instrument {
  return {
    symbol,
    assetClass,
    currency: 'USD',
    timeframe: timeframeOf(timeframeMs(timeframe)),
    adjusted: null,
  };
}

function seriesOf(
  symbol: string,
  bars: readonly BarShape[],
  intervalMs: number,
  start: number,
): CandleSeries {
  const present = bars.flatMap((bar, place) => (bar === null ? [] : [{ bar, place }]));
  const column = (pick: (open: number, close: number) => number) =>
    Float64Array.from(present, ({ bar: [open, close] }) => pick(open, close));
  return {
    symbol,
    intervalMs,
    length: present.length,
    openTime: Float64Array.from(present, ({ place }) => start + place * intervalMs),
    open: column((open) => open),
    high: column(Math.max),
    low: column(Math.min),
    close: column((_, close) => close),
    volume: column(() => 1),
  };
}
