/**
 * Our name of every statistic, backtesting.py's name of it, and the sign: −1 where ours is positive and theirs negative.
 * Times are epoch milliseconds here and ISO 8601 there; durations are seconds. `…Pct` are per cent.
 */
export const compatibleNames = [
  { name: 'start', oracle: 'Start', sign: 1 },
  { name: 'end', oracle: 'End', sign: 1 },
  { name: 'durationSeconds', oracle: 'Duration', sign: 1 },
  // Bars from an entry to its exit, both counted; open trades are not.
  { name: 'exposurePct', oracle: 'Exposure Time [%]', sign: 1 },
  { name: 'equityFinal', oracle: 'Equity Final [$]', sign: 1 },
  { name: 'equityPeak', oracle: 'Equity Peak [$]', sign: 1 },
  // Theirs is absent when nothing was paid.
  { name: 'commissions', oracle: 'Commissions [$]', sign: 1 },
  { name: 'returnPct', oracle: 'Return [%]', sign: 1 },
  { name: 'buyAndHoldReturnPct', oracle: 'Buy & Hold Return [%]', sign: 1 },
  // The geometric mean return, to the power of the periods in a year.
  { name: 'annualReturnPct', oracle: 'Return (Ann.) [%]', sign: 1 },
  { name: 'volatilityPct', oracle: 'Volatility (Ann.) [%]', sign: 1 },
  // By calendar days / 365.25.
  { name: 'cagrPct', oracle: 'CAGR [%]', sign: 1 },
  // annualReturnPct / volatilityPct, not the arithmetic Sharpe of a run's own metrics.
  { name: 'sharpe', oracle: 'Sharpe Ratio', sign: 1 },
  { name: 'sortino', oracle: 'Sortino Ratio', sign: 1 },
  { name: 'calmar', oracle: 'Calmar Ratio', sign: 1 },
  // returnPct less beta times buy and hold: over the whole run, not a year.
  { name: 'alphaPct', oracle: 'Alpha [%]', sign: 1 },
  // Of logarithmic returns per bar.
  { name: 'beta', oracle: 'Beta', sign: 1 },
  { name: 'maxDrawdownPct', oracle: 'Max. Drawdown [%]', sign: -1 },
  { name: 'avgDrawdownPct', oracle: 'Avg. Drawdown [%]', sign: -1 },
  { name: 'maxDrawdownDurationSeconds', oracle: 'Max. Drawdown Duration', sign: 1 },
  { name: 'avgDrawdownDurationSeconds', oracle: 'Avg. Drawdown Duration', sign: 1 },
  { name: 'trades', oracle: '# Trades', sign: 1 },
  { name: 'winRatePct', oracle: 'Win Rate [%]', sign: 1 },
  { name: 'bestTradePct', oracle: 'Best Trade [%]', sign: 1 },
  { name: 'worstTradePct', oracle: 'Worst Trade [%]', sign: 1 },
  // The geometric mean; expectancyPct is the arithmetic one.
  { name: 'avgTradePct', oracle: 'Avg. Trade [%]', sign: 1 },
  { name: 'maxTradeDurationSeconds', oracle: 'Max. Trade Duration', sign: 1 },
  { name: 'avgTradeDurationSeconds', oracle: 'Avg. Trade Duration', sign: 1 },
  // Of the trades' returns, not of their money.
  { name: 'profitFactor', oracle: 'Profit Factor', sign: 1 },
  { name: 'expectancyPct', oracle: 'Expectancy [%]', sign: 1 },
  { name: 'sqn', oracle: 'SQN', sign: 1 },
  { name: 'kelly', oracle: 'Kelly Criterion', sign: 1 },
] as const;

/** The same statistics as numbers that may be NaN or infinite, as they come out of the arithmetic. */
export type CompatibleFigures = Record<(typeof compatibleNames)[number]['name'], number>;

/** Null wherever backtesting.py says NaN or infinite. */
export type CompatibleStatistics = {
  readonly [Name in keyof CompatibleFigures]: number | null;
};
