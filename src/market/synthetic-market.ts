import {
  type CandleSeries,
  type EpochMs,
  type Instrument,
  type NewsItem,
  type Timeframe,
  timeframeMs,
} from '../core/index.ts';
import type { BarGrid } from './synthetic/bar-grid.ts';
import { createMarketFactor } from './synthetic/market-factor.ts';
import { createOrderBookTop, type OrderBookTop } from './synthetic/order-book-top.ts';
import { createPricePath } from './synthetic/price-path.ts';
import type { Regime } from './synthetic/regime-chain.ts';
import { streamSeed } from './synthetic/stream-seed.ts';
import {
  barsIn,
  claimHours,
  createPairStories,
  createStories,
  type SyntheticStory,
} from './synthetic/synthetic-news.ts';

export interface SyntheticMarketOptions {
  readonly seed: number;
  /** Names of the instruments, all different, e.g. `SYN-A`. */
  readonly symbols: readonly string[];
  /** Drifts, regime lengths and news rates are per hour: meant for bars of a minute to a day. */
  readonly timeframe: Timeframe;
  /** Bars of each instrument. */
  readonly bars: number;
  /** Open of the first bar. */
  readonly start: EpochMs;
}

/** Invented from a seed, label it so wherever it is shown. No real instrument, company or source is in it. */
export interface SyntheticMarket {
  readonly instruments: readonly Instrument[];
  /** One for each symbol, all with the same bars, without gaps. */
  readonly series: readonly CandleSeries[];
  /** By `knownAt`; none is known after the last bar's close. */
  readonly news: readonly NewsItem[];
  /** One for each symbol. */
  readonly books: readonly OrderBookTop[];
  /** The market's regime in each bar. For documentation and tests: nothing that decides may read it. */
  readonly regimes: readonly Regime[];
  /** `news` with what its writers knew. For documentation and tests: nothing that decides may read it. */
  readonly stories: readonly SyntheticStory[];
}

/**
 * The same options give the same market on every machine and Node version. More bars continue it, and another symbol
 * joins it, without changing what was there; how it is made, and what it measures, is in `docs/synthetic-market.md`.
 *
 * @throws OrreryError `usage-invalid` when the timeframe is not one.
 */
export function createSyntheticMarket(options: SyntheticMarketOptions): SyntheticMarket {
  const { seed, symbols, timeframe, bars, start } = options;
  const grid: BarGrid = { start, intervalMs: timeframeMs(timeframe), bars };
  // News claims something about the day ahead, so prices are made a day further than they are shown.
  const further: BarGrid = { ...grid, bars: bars + barsIn(grid, claimHours) };
  const factor = createMarketFactor(seed, further);
  const paths = symbols.map((symbol) => createPricePath(symbol, seed, further, factor));
  const series = paths.map((path) => firstBars(path, bars));
  const stories = collectStories(seed, paths, grid);
  return {
    instruments: symbols.map((symbol) => ({
      symbol,
      assetClass: 'crypto',
      currency: 'USD',
      timeframe,
      adjusted: false,
    })),
    series,
    news: stories.map(({ item }) => item),
    books: series.map((each) => createOrderBookTop(streamSeed(seed, `${each.symbol}/book`), each)),
    regimes: factor.regimes.slice(0, bars),
    stories,
  };
}

/** Of each instrument, and of each with the next in the list: a symbol added at the end adds stories and changes none. */
function collectStories(
  seed: number,
  paths: readonly CandleSeries[],
  grid: BarGrid,
): readonly SyntheticStory[] {
  const end = grid.start + grid.bars * grid.intervalMs;
  const stories = paths.flatMap((path, index) => {
    const next = paths[index + 1];
    const pair = next ? createPairStories(seed, path.symbol, next.symbol, grid) : [];
    return [...createStories(seed, path, grid), ...pair];
  });
  return stories
    .filter(({ item }) => item.knownAt <= end)
    .sort((a, b) => a.item.knownAt - b.item.knownAt || (a.item.id < b.item.id ? -1 : 1));
}

function firstBars(series: CandleSeries, bars: number): CandleSeries {
  return {
    symbol: series.symbol,
    intervalMs: series.intervalMs,
    length: bars,
    openTime: series.openTime.slice(0, bars),
    open: series.open.slice(0, bars),
    high: series.high.slice(0, bars),
    low: series.low.slice(0, bars),
    close: series.close.slice(0, bars),
    volume: series.volume.slice(0, bars),
  };
}
