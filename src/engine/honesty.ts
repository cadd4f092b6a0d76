import type { Slippage, Terms } from '../trading/index.ts';
import { type Backtest, type BacktestSettings, backtest } from './backtest.ts';
import { baselineOf, equalWeightCurve, matchedCurve } from './baselines.ts';
import { dailyReturns } from './daily-returns.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { asHeld, holdOf } from './hold-baseline.ts';
import { curveOf, intervalOf, periodsPerYear } from './metrics.ts';
import { type RandomBaseline, randomBaseline } from './random-baseline.ts';
import type { Baseline } from './run-document.ts';
import { slippedShare } from './slipped-share.ts';
import type { TimedTrade, Trials } from './statistics/index.ts';
import type { Params, Strategy } from './strategy.ts';

export interface StrategyBaselines {
  readonly buyAndHold: Baseline;
  readonly exposureMatched: Baseline;
  /** Shared out anew at every bar, free of cost; null with one instrument. */
  readonly equalWeight: Baseline | null;
  /** Null without trades, with several instruments, and when positions were held side by side. */
  readonly random: RandomBaseline | null;
}

/** Returns in per cent of the same rules under worse conditions. */
export interface Stress {
  readonly doubleCostsPct: number;
  readonly fiveFoldCostsPct: number;
  /** Every order one bar later. */
  readonly delayedBarPct: number;
}

/** What stands beside a strategy's result so that nobody is fooled by it. */
export interface Honesty {
  readonly baselines: StrategyBaselines;
  readonly stress: Stress;
  readonly evidence: Evidence;
}

export interface HonestyRequest {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly settings: BacktestSettings;
  readonly result: Backtest;
  readonly trials: Trials | null;
  readonly seed: number;
}

/** Plays the strategy three times more, and draws from its days and trades. */
export function honestyOf(request: HonestyRequest): Honesty {
  const { strategy, params, settings, result, trials, seed } = request;
  const { cash } = settings;
  const returns = dailyReturns(result, cash);
  const markets = asHeld(result.markets, settings);
  const hold = holdOf(result.markets, result.openedAt, settings);
  const stressed = (changed: Partial<BacktestSettings>) => {
    const { equity } = backtest(strategy, params, result.markets, { ...settings, ...changed });
    return ((equity[equity.length - 1] ?? cash) / cash - 1) * 100;
  };
  return {
    baselines: {
      buyAndHold: baselineOf(cash, hold, result.markets),
      exposureMatched: baselineOf(cash, matchedCurve(cash, hold, result.meanShare), result.markets),
      equalWeight: markets.length < 2 ? null : baselineOf(cash, equalWeightCurve(cash, markets), markets),
      random: randomBaseline(
        markets,
        timedTrades(result, cash, costPerSide(settings)),
        costPerSide(settings),
        seed,
      ),
    },
    stress: {
      doubleCostsPct: stressed({ terms: dearer(settings.terms, 2) }),
      fiveFoldCostsPct: stressed({ terms: dearer(settings.terms, 5) }),
      delayedBarPct: stressed({ delayBars: 1 }),
    },
    evidence: evidenceOf({
      returns,
      hold: dailyReturns(curveOf(hold, intervalOf(markets)), cash),
      periodsPerYear: periodsPerYear(result.markets),
      trades: result.closed.length,
      trials,
      seed,
    }),
  };
}

function dearer(terms: ReadonlyMap<string, Terms>, times: number): ReadonlyMap<string, Terms> {
  return new Map(
    [...terms].map(([symbol, own]) => {
      const { fees, spread } = own;
      const { fixed, perUnit, taker, maker, minimum } = fees;
      const paid = { fixed, perUnit, taker, maker, minimum };
      const more = Object.fromEntries(
        Object.entries(paid).map(([name, fee]) => [name, dearerFee(fee, times)]),
      );
      const slippage = dearerSlippage(own.slippage, times);
      return [symbol, { ...own, fees: { ...fees, ...more }, spread: spread * times, slippage }];
    }),
  );
}

/** A rebate is no cost: it stays as it is. */
function dearerFee(fee: number, times: number): number {
  return fee < 0 ? fee : fee * times;
}

function dearerSlippage(slippage: Slippage, times: number): Slippage {
  switch (slippage.kind) {
    case 'none':
      return slippage;
    case 'fixed':
      return { ...slippage, perUnit: slippage.perUnit * times };
    case 'fraction':
      return { ...slippage, fraction: slippage.fraction * times };
    case 'volume-share':
      return { ...slippage, impact: slippage.impact * times };
  }
}

function timedTrades(
  { closed, markets, equity }: Backtest,
  cash: number,
  cost: number,
): readonly TimedTrade[] {
  const [market] = markets;
  if (market === undefined) return [];
  const { series, from, to } = market;
  return closed.map((lot) => {
    const before = equity[lot.entryBar - from - 1] ?? cash;
    // Who left inside a bar was in the market for all of it, as far as opens can tell.
    const inside = Math.abs(lot.exitPrice / series.open[lot.exitBar]! - 1) > cost + 1e-9;
    return {
      entryBar: lot.entryBar,
      exitBar: Math.min(to - 1, inside ? lot.exitBar + 1 : lot.exitBar),
      direction: lot.size > 0 ? 1 : -1,
      fraction: before > 0 ? (Math.abs(lot.size) * lot.entryPrice) / before : 1,
      earned: lot.returnFraction,
    };
  });
}

function costPerSide({ terms }: BacktestSettings): number {
  const [first] = terms.values();
  return first === undefined ? 0 : first.fees.taker + first.spread / 2 + slippedShare(first.slippage);
}
