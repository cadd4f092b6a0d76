// What `orrery-desk` offers to programs. Adding a line here is a decision.
export type { BegunCall, CallObserver, EndedCall, JsonValue, Notices } from './core/index.ts';
export { OrreryError } from './core/index.ts';
export type {
  BacktestDocument,
  CheckDocument,
  ComparisonDocument,
  Line,
  OrderWish,
  RunDocument,
  Strategy,
  StrategyContext,
  SweepDocument,
  SweepRange,
  WalkForwardDays,
  WalkForwardDocument,
} from './engine/index.ts';
export { defineStrategy } from './engine/index.ts';
export type {
  AgentDefinition,
  AgentDefinitions,
  AgentOutcome,
  CodeTurn,
  CodeWork,
  EnsembleDefinition,
  EnsembleDocument,
  EnsembleEvent,
  EnsembleInput,
  HeardAgent,
  HeardError,
  OutputOf,
} from './ensemble/index.ts';
export { defineEnsemble, inputOf, readInput } from './ensemble/index.ts';
export type {
  ChatCall,
  ChatMessage,
  ChatRequest,
  EmbeddingRequest,
  FinishReason,
  Ping,
  PluginOptions,
  ProfileDescription,
  ProviderDescription,
  ProviderPlugin,
} from './llm/index.ts';
export type {
  Archive,
  AskedRun,
  AskedTest,
  CheckedEnsemble,
  EnsembleCallOptions,
  Invocation,
  InvocationOptions,
  KeyOrigin,
  ListedEnsemble,
  Orrery,
  OrreryOptions,
  RunRequest,
  StrategyRequest,
} from './orrery/index.ts';
export { createOrrery, runEnsembleOnce as runEnsemble, runRequest, strategyRequest } from './orrery/index.ts';
export type {
  ExportedRun,
  ExportRequest,
  FileData,
  ImportedRun,
  ImportRequest,
  MarketData,
  RunEnding,
  RunView,
  RunWatch,
  SweepWatch,
  Usage,
  UsageGroup,
} from './runs/index.ts';
export type { Metrics } from './telemetry/index.ts';
export { createMetrics } from './telemetry/index.ts';
