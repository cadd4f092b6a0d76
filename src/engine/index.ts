export type { Agent, Heard } from './agent.ts';
export { recordsOf } from './agent.ts';
export type { Backtest, BacktestSettings } from './backtest.ts';
export { backtest } from './backtest.ts';
export type {
  BacktestDocument,
  BacktestHead,
  BacktestStatistics,
  BacktestTimings,
  BacktestTrade,
  ComparisonDocument,
} from './backtest-document.ts';
export { backtestMetrics } from './backtest-metrics.ts';
export { baselineOf, holdCurve, matchedCurve } from './baselines.ts';
export type { CheckDocument } from './check-document.ts';
export { checkDocument } from './check-document.ts';
export type { CheckedLine, CheckFinding, CheckResult } from './check-finding.ts';
export { findingAt } from './check-finding.ts';
export { chooseCuts, stretchOf, strikeOut, unknownFutures } from './check-futures.ts';
export { findPeekingLines } from './check-lines.ts';
export { checkStrategy } from './check-strategy.ts';
export type { MonteCarloRequest, MonteCarloResult } from './daily-returns.ts';
export { dailyReturns, monteCarloOf } from './daily-returns.ts';
export type { AccountState, Bar, Conclusion, Decider, Situation } from './decider.ts';
export { drawnFrom } from './drawn-from.ts';
export type { Evidence } from './evidence.ts';
export { evidenceOf } from './evidence.ts';
export { exposure } from './exposure.ts';
export { holdOf, opensOf } from './hold-baseline.ts';
export type { Honesty } from './honesty.ts';
export { honestyOf } from './honesty.ts';
export type { Checkpoint, LoopOptions, Step } from './loop.ts';
export { runLoop } from './loop.ts';
export type { Curve, Performance } from './metrics.ts';
export { computeMetrics, curveOf, intervalOf, periodsPerYear } from './metrics.ts';
export { replayCurve, stressOfOrders } from './order-replay.ts';
export type { RandomBaseline } from './random-baseline.ts';
export { randomBaseline } from './random-baseline.ts';
export type {
  Baseline,
  KnownBars,
  LlmTotals,
  Metrics,
  ModelShare,
  RunDocument,
  RunInstrument,
  RunStress,
} from './run-document.ts';
export { notesOnSilence } from './silent-lines.ts';
export * from './statistics/index.ts';
export type {
  Line,
  OrderWish,
  Params,
  Strategy,
  StrategyBar,
  StrategyContext,
  StrategyPosition,
} from './strategy.ts';
export { defineStrategy } from './strategy.ts';
export { StrategyStepper } from './strategy-stepper.ts';
export { chained, chainedCurve } from './sweep-chain.ts';
export type {
  SweepDocument,
  SweepHead,
  WalkForwardDocument,
  WalkForwardWindowResult,
} from './sweep-document.ts';
export type { SweepEvidence } from './sweep-evidence.ts';
export { dailySharpes, mostCompared, sweepEvidence } from './sweep-evidence.ts';
export type { SweepAxis, SweepGrid, SweepRange } from './sweep-grid.ts';
export { combinationAt, sweepGrid } from './sweep-grid.ts';
export type { SweepRow, SweepTrial } from './sweep-trial.ts';
export { failedTrial, ranked, trialOf } from './sweep-trial.ts';
export type { Stretch, WalkForwardDays, WalkForwardStretches } from './sweep-windows.ts';
export { marketsWithin, walkForwardStretches } from './sweep-windows.ts';
export type { Market } from './timeline.ts';
export { barCount, firstBarFrom } from './timeline.ts';
export { VoteCount, voteCurve } from './vote-baseline.ts';
