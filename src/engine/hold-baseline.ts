import type { EquityPoint } from '../core/index.ts';
import type { BacktestSettings } from './backtest.ts';
import { holdCurve } from './baselines.ts';
import { drawnFrom } from './drawn-from.ts';
import { intervalOf } from './metrics.ts';
import { slippedShare } from './slipped-share.ts';
import { type Market, timeline } from './timeline.ts';

type HoldSettings = Pick<BacktestSettings, 'cash' | 'terms'>;

/** With splits and dividends in the prices, where they are known: nobody who only holds sees them as a loss. */
export function asHeld(
  markets: readonly Market[],
  { terms }: Pick<HoldSettings, 'terms'>,
): readonly Market[] {
  return markets.map((market) => ({
    ...market,
    series: drawnFrom(market.series, terms.get(market.instrument.symbol)!),
  }));
}

/**
 * Buy and hold with a strategy's cash at its costs, on the same bars.
 * @param openedAt opens of the bars in range, each instant once
 */
export function holdOf(
  markets: readonly Market[],
  openedAt: Float64Array,
  settings: HoldSettings,
): readonly EquityPoint[] {
  const { cash, terms } = settings;
  const costs = new Map(
    markets.map(({ instrument: { symbol } }) => {
      const { fees, spread, slippage } = terms.get(symbol)!;
      const bps = (fraction: number) => fraction * 10_000;
      return [
        symbol,
        { feeBps: bps(fees.taker), spreadBps: bps(spread), slippageBps: bps(slippedShare(slippage)) },
      ] as const;
    }),
  );
  const intervalMs = intervalOf(markets);
  return holdCurve(
    cash,
    asHeld(markets, settings),
    costs,
    openedAt.map((at) => at + intervalMs),
  );
}

/** The opens of the bars in range, each instant once. */
export function opensOf(markets: readonly Market[]): Float64Array {
  const [only] = markets;
  if (only !== undefined && markets.length === 1) return only.series.openTime.subarray(only.from, only.to);
  const intervalMs = intervalOf(markets);
  return Float64Array.from(timeline(markets), ({ at }) => at - intervalMs);
}
