// What the gateway did, for those who watch. Adding a line here is a decision.
export type { Metrics } from './create-metrics.ts';
export { createMetrics } from './create-metrics.ts';
export { createSpans } from './create-spans.ts';
