import type { Timeframe } from './timeframe.ts';

export type AssetClass = 'crypto' | 'equity';

/** What is traded. Everything here is known before the first bar. */
export interface Instrument {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  /** Quote currency, e.g. `USD`, `USDT`. Prices, fees and cash are in it. */
  readonly currency: string;
  readonly timeframe: Timeframe;
  /** Prices are adjusted for splits and dividends; `null` when nobody knows. */
  readonly adjusted: boolean | null;
}
