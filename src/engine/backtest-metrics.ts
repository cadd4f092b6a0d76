import type { Backtest } from './backtest.ts';
import {
  annualGrowthPct,
  dailyStatistics,
  drawdownPct,
  periodsPerYear,
  spanDays,
  tradeStatistics,
} from './metrics.ts';
import type { Metrics } from './run-document.ts';
import { barCount } from './timeline.ts';

/** The figures of a strategy's backtest, by the definitions of a desk's run (see `computeMetrics`). */
export function backtestMetrics(
  { openedAt, equity, markets, barsHeld, simulator }: Backtest,
  capital: number,
): Metrics {
  const end = equity[equity.length - 1] ?? capital;
  const periods = periodsPerYear(markets);
  const curve = { openedAt, equity };
  const daily = dailyStatistics(capital, curve, periods);
  const cagrPct = annualGrowthPct(capital, end, spanDays(markets));
  const maxDrawdownPct = drawdownPct(capital, curve);
  let sum = 0;
  for (let i = 0; i < equity.length; i++) sum += equity[i]!;
  const meanEquity = equity.length === 0 ? capital : sum / equity.length;
  const bars = barCount(markets);
  return {
    returnPct: (end / capital - 1) * 100,
    cagrPct,
    volatilityPct: daily.volatilityPct,
    sharpe: daily.sharpe,
    sortino: daily.sortino,
    calmar: cagrPct === null || maxDrawdownPct === 0 ? null : cagrPct / maxDrawdownPct,
    maxDrawdownPct,
    ...tradeStatistics(simulator.closedLots.pnl()),
    exposurePct: bars === 0 ? 0 : (barsHeld / bars) * 100,
    turnover: meanEquity > 0 ? simulator.account.traded / meanEquity : null,
    periodsPerYear: periods,
    days: daily.days,
  };
}
