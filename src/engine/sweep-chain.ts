import type { Backtest } from './backtest.ts';
import { type Curve, dailyStatistics, drawdownPct, periodsPerYear } from './metrics.ts';
import type { WalkForwardDocument } from './sweep-document.ts';

/** The equity of tests of one stretch each as if played one after the other, what one earned going into the next. Oldest first. */
export function chainedCurve(
  tests: readonly Backtest[],
  capital: number,
): Curve & { openedAt: Float64Array } {
  const bars = tests.reduce((sum, { equity }) => sum + equity.length, 0);
  const openedAt = new Float64Array(bars);
  const equity = new Float64Array(bars);
  let done = 0;
  let before = capital;
  for (const test of tests) {
    openedAt.set(test.openedAt, done);
    for (const value of test.equity) equity[done++] = (before * value) / capital;
    // A debt cannot be traded with.
    before = Math.max(0, equity[done - 1] ?? before);
  }
  return { openedAt, equity };
}

/** What chained tests came to. */
export function chained(
  tests: readonly Backtest[],
  curve: Curve,
  capital: number,
): WalkForwardDocument['outOfSample'] {
  const { equity } = curve;
  const markets = tests[0]?.markets ?? [];
  const { sharpe, days } = dailyStatistics(capital, curve, periodsPerYear(markets));
  return {
    returnPct: (Math.max(0, equity[equity.length - 1] ?? capital) / capital - 1) * 100,
    sharpe,
    maxDrawdownPct: drawdownPct(capital, curve),
    trades: tests.reduce((sum, { closed }) => sum + closed.length, 0),
    days,
  };
}
