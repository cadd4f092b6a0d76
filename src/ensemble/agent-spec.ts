/** What one agent does, whatever its place in the graph. `settings` are the keys of its kind, as its runner reads them. */
export interface AgentBody {
  readonly kind: string;
  readonly settings: object;
}

/** One agent of an ensemble, as YAML or code says it. */
export interface AgentSpec extends AgentBody {
  /** `FILE:LINE:COLUMN` where it is written; left out in code. */
  readonly place?: string;
  /** Letters, digits, hyphens and underscores. */
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** Those of `dependsOn` without which it is skipped. */
  readonly required: readonly string[];
  /** An expression; the agent is skipped where it is false. Null for always. */
  readonly when: string | null;
  /** An expression that gives a list; the agent works once for each item. Null for once. */
  readonly fanOut: string | null;
  /** Items of `fanOut` at work at one time, at least 1; null for all. */
  readonly concurrency: number | null;
  readonly loop: Loop | null;
  /** Milliseconds one try may take; null for as long as it likes. */
  readonly timeoutMs: number | null;
  /** Tries after the first, where doing the same again may help. */
  readonly retries: number;
  /** The same question has the same answer, so that it may be kept. */
  readonly pure: boolean;
  /** Does its work where nothing is configured for it, labelled `rules`; null for nobody. */
  readonly rules: AgentBody | null;
}

/** Works again and again, each time with its last output as `previous`. */
export interface Loop {
  /** An expression on `output`; true ends it. */
  readonly until: string;
  /** Rounds at most, 1 … 1000. */
  readonly max: number;
}

export type OutputSpec =
  | { readonly kind: 'agent'; readonly from: string }
  | { readonly kind: 'template'; readonly template: string };

/** Agents that depend on each other, and what comes out. */
export interface EnsembleSpec {
  readonly name: string;
  readonly description: string | null;
  readonly agents: readonly AgentSpec[];
  readonly output: OutputSpec;
  /** Agents at work at one time, at least 1; null for all that are ready. */
  readonly concurrency: number | null;
  /** Milliseconds the whole may take; null for as long as it likes. */
  readonly timeoutMs: number | null;
}
