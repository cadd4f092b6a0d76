import type { Rung, Timeframe } from '../core/index.ts';
import type { Costs, Limits } from '../trading/index.ts';
import type { Cadence } from './cadence.ts';

/** A desk as its file says it, checked and with defaults filled in; nothing in it runs. */
export interface DeskSpec {
  readonly name: string;
  /** At least one, no two alike. */
  readonly instruments: readonly string[];
  readonly timeframe: Timeframe;
  /** Cash to begin with, > 0. */
  readonly capital: number;
  readonly broker: BrokerSpec;
  readonly limits: Limits;
  /** In the order written; names differ, and nobody waits for himself. */
  readonly agents: readonly AgentSpec[];
  readonly chief: ChiefSpec;
  readonly execution: ExecutionSpec;
}

/** Costs that are not written depend on the instrument's asset class; `costsFor` in trading fills them in. */
export type BrokerSpec = { readonly kind: 'simulated' } & {
  readonly [field in keyof Costs]?: number;
};

export type DeciderKind = 'llm' | 'rules' | 'model';

export interface AgentSpec {
  readonly name: string;
  readonly role: string;
  /** Tried in this order. */
  readonly decider: readonly DeciderKind[];
  /** A profile of the configuration, for the decider `llm`. */
  readonly profile: string;
  readonly moons: readonly string[];
  readonly sources: readonly Source[];
  readonly every: Cadence;
  /** The desk cannot decide without it. */
  readonly required: boolean;
  readonly dependsOn: readonly string[];
}

/** Text an agent reads. */
export type Source = 'news';

export interface ChiefSpec {
  /** Tried in this order; no rung twice. */
  readonly ladder: readonly Rung[];
  readonly profile: string;
  readonly backup: string | null;
  readonly dependsOn: readonly string[];
}

export interface ExecutionSpec {
  readonly decider: readonly DeciderKind[];
}
