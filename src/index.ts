// What `orrery-desk` offers to programs. Adding a line here is a decision.
export type { BegunCall, CallObserver, EndedCall } from './core/index.ts';
export { OrreryError } from './core/index.ts';
export type { Line, OrderWish, RunDocument, Strategy, StrategyContext } from './engine/index.ts';
export { defineStrategy } from './engine/index.ts';
export type { Archive, Orrery, OrreryOptions, RunRequest } from './orrery/index.ts';
export { createOrrery } from './orrery/index.ts';
export type { Metrics } from './telemetry/index.ts';
export { createMetrics } from './telemetry/index.ts';
