import type { JsonValue } from '../core/index.ts';
import type { HeardError } from './scope.ts';

/** How one agent fared, and what it took. */
export interface AgentOutcome {
  readonly kind: string;
  readonly status: 'ok' | 'failed' | 'skipped' | 'timeout';
  /** Null unless it is ok. */
  readonly output: JsonValue;
  readonly error: HeardError | null;
  readonly latencyMs: number;
  /** Who gave the output; null where there is none. */
  readonly source: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly costUsd: number;
  /** What its kind has to say beside: rounds, items, the agents of an ensemble within. */
  readonly details?: { readonly [name: string]: JsonValue };
}

export interface EnsembleUsage {
  readonly calls: number;
  readonly cacheHits: number;
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly costUsd: number;
}

/** What an ensemble came to, as `orrery invoke --output json` prints it. */
export interface EnsembleDocument<Output = JsonValue, Names extends string = string> {
  readonly ensemble: string;
  readonly run: string;
  /** `partial`: there is an output, and something failed on the way. */
  readonly status: 'completed' | 'partial' | 'failed';
  readonly phases: readonly (readonly string[])[];
  readonly agents: { readonly [name in Names]: AgentOutcome };
  /** Null when it failed. */
  readonly output: Output | null;
  readonly error: HeardError | null;
  readonly usage: EnsembleUsage;
  /** `sequentialMs` is what the agents would take one after the other. */
  readonly timings: { readonly totalMs: number; readonly sequentialMs: number };
  /** Only where an agent routes. */
  readonly routing?: Routing;
}

export interface Routing {
  /** Branches by the agent that chose them. */
  readonly taken: { readonly [router: string]: readonly string[] };
  /** Agents that nobody needed. */
  readonly spared: readonly string[];
  /** Questions to models that were not put for it; what the routers asked themselves is in `routerCalls`. */
  readonly callsSaved: number;
  readonly routerCalls: number;
}
