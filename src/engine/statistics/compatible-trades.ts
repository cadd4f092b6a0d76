import { mostOf, sumOf } from './column-totals.ts';
import type { CompatibleFigures } from './compatible-names.ts';
import { geometricMean } from './compatible-returns.ts';
import { meanOf, sharpeOf } from './moments.ts';

/** Closed trades as columns of one length, in any order. */
export interface CompatibleTrades {
  readonly entryBar: Float64Array;
  readonly exitBar: Float64Array;
  /** In the account's currency, after fees. */
  readonly pnl: Float64Array;
  /** Of both sides, in the account's currency. */
  readonly commission: Float64Array;
  /** After fees, as a fraction of the value at entry: theirs is called ReturnPct, though it is no per cent. */
  readonly returnFraction: Float64Array;
}

type TradeFigures = Pick<
  CompatibleFigures,
  | 'trades'
  | 'commissions'
  | 'winRatePct'
  | 'bestTradePct'
  | 'worstTradePct'
  | 'avgTradePct'
  | 'maxTradeDurationSeconds'
  | 'avgTradeDurationSeconds'
  | 'profitFactor'
  | 'expectancyPct'
  | 'sqn'
  | 'kelly'
>;

export function tradeFigures(
  { entryBar, exitBar, pnl, commission, returnFraction }: CompatibleTrades,
  openTime: Float64Array,
  ceil: (ms: number) => number,
): TradeFigures {
  const durations = entryBar.map((entry, trade) => openTime[exitBar[trade]!]! - openTime[entry]!);
  const won = pnl.filter((value) => value > 0);
  const lost = pnl.filter((value) => value < 0);
  const winRate = won.length / pnl.length;
  return {
    trades: pnl.length,
    commissions: sumOf(commission),
    winRatePct: winRate * 100,
    bestTradePct: mostOf(returnFraction) * 100,
    worstTradePct: -mostOf(returnFraction.map((value) => -value)) * 100,
    avgTradePct: geometricMean(returnFraction) * 100,
    maxTradeDurationSeconds: ceil(mostOf(durations)) / 1000,
    avgTradeDurationSeconds: ceil(sumOf(durations) / durations.length) / 1000,
    profitFactor:
      sumOf(returnFraction.filter((value) => value > 0)) /
      -sumOf(returnFraction.filter((value) => value < 0)),
    expectancyPct: (meanOf(returnFraction) ?? Number.NaN) * 100,
    sqn: Math.sqrt(pnl.length) * (sharpeOf(pnl) ?? Number.NaN),
    kelly: winRate - (1 - winRate) / ((meanOf(won) ?? Number.NaN) / -(meanOf(lost) ?? Number.NaN)),
  };
}
