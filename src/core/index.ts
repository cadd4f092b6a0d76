// The words every other floor uses. Adding a line here is a decision: types and tiny pure functions only, no I/O.
export type { AgentReport } from './agent-report.ts';
export type { BegunCall, CallObserver, CircuitState, EndedCall } from './call-observer.ts';
export type { CandleSeries } from './candle-series.ts';
export { closeTime } from './candle-series.ts';
export type { Clock, EpochMs } from './clock.ts';
export { HistoricalClock, isoTime, isTime, sinceProcessStartMs, wallClock } from './clock.ts';
export type { CorporateAction } from './corporate-action.ts';
export type {
  Action,
  CallCost,
  DecisionOrder,
  DecisionRecord,
  Outcome,
  RecordKind,
  Rung,
  Source,
  Stance,
  Verdict,
} from './decision-record.ts';
export type { ErrorCode, ErrorDetails } from './errors.ts';
export { asOrreryError, errorTable, OrreryError } from './errors.ts';
export type { Evidence, KeyFactor, Missing, MissingReason } from './evidence.ts';
export { firstLineOf } from './first-line-of.ts';
export type { AssetClass, Instrument } from './instrument.ts';
export type { JsonValue } from './json.ts';
export { canonicalJson } from './json.ts';
export type { ModelFailure } from './model-failure.ts';
export { failuresInput, fellBackFor, modelFailures } from './model-failure.ts';
export { nearestWord } from './nearest-word.ts';
export { isNestedDeeperThan } from './nesting.ts';
export type { NewsItem } from './news-item.ts';
export type { Notices } from './notices.ts';
export type {
  EquityPoint,
  ExitKind,
  Fill,
  OrderRecord,
  OrderRefusal,
  OrderRequest,
  OrderStatus,
  Position,
  Side,
  Trade,
} from './order.ts';
export type { Random } from './random.ts';
export { createNormal, createRandom } from './random.ts';
export {
  decisionId,
  exitKind,
  liquidationOrderId,
  orderId,
  proposalId,
  runOf,
  signalId,
  stopOrderId,
  verdictId,
} from './record-id.ts';
export type { Timeframe } from './timeframe.ts';
export { dayMs, timeframeMs, timeframeOf } from './timeframe.ts';
