import type { Backtest } from './backtest.ts';
import { metricsOf } from './metrics.ts';
import type { Metrics } from './run-document.ts';

/** The figures of a strategy's backtest, by the definitions of a desk's run (see `computeMetrics`). */
export function backtestMetrics(
  { openedAt, equity, markets, barsHeld, simulator }: Backtest,
  capital: number,
): Metrics {
  const { account, closedLots } = simulator;
  const curve = { openedAt, equity };
  return metricsOf({ capital, markets, curve, pnls: closedLots.pnl(), traded: account.traded, barsHeld });
}
