import { type Percentiles, randomEntry, type TimedTrade } from './statistics/index.ts';
import type { Market } from './timeline.ts';

/** The same trades at random moments: a thousand runs with as many trades, as long, at the same costs. */
export interface RandomBaseline {
  readonly runs: number;
  /** What this run's closed trades brought, compounded. */
  readonly returnPct: number;
  readonly randomReturnPct: Percentiles;
  /** Share of random runs that did as well or better; never 0. */
  readonly pValue: number;
}

/**
 * @param trades bars are indexes into the market's series, within its range
 * @param costPerSide as a fraction of the value traded
 * @returns null without trades, with several instruments, and when positions were held side by side
 */
export function randomBaseline(
  markets: readonly Market[],
  trades: readonly TimedTrade[],
  costPerSide: number,
  seed: number,
): RandomBaseline | null {
  const [market] = markets;
  if (market === undefined || markets.length > 1) return null;
  const { series, from, to } = market;
  const drawn = randomEntry({
    open: series.open.subarray(from, to),
    close: series.close.subarray(from, to),
    trades: trades.map((trade) => ({
      ...trade,
      entryBar: trade.entryBar - from,
      exitBar: Math.max(trade.entryBar, trade.exitBar) - from,
    })),
    costPerSide,
    seed,
  });
  if (drawn === null) return null;
  const { runs, returnPct, randomReturnPct, pValue } = drawn;
  return { runs, returnPct, randomReturnPct, pValue };
}
