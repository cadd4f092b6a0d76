import type { z } from 'zod';
import type { JsonValue } from '../core/index.ts';
import type { AgentCost } from './agent-cost.ts';
import type { AgentBody } from './agent-spec.ts';
import type { Deadlines } from './deadlines.ts';
import type { EnsembleFiles } from './ensemble-files.ts';
import type { Scope } from './scope.ts';

/** Who gave an output: the kind of agent, or what stood in for it. */
export type AnswerSource = 'llm' | 'cache' | 'rules' | (string & {});

/** What an agent made of one turn. */
export interface Answer {
  readonly output: JsonValue;
  /** The kind of the agent unless given. */
  readonly source?: AnswerSource;
  /** Something in it failed, and it goes on without that. */
  readonly partial?: boolean;
  /** Whatever a kind of agent has to say beside its output, for the document and those who draw it. */
  readonly details?: { readonly [name: string]: JsonValue };
}

/** One piece of work for one agent: one try, of one item, in one round. */
export interface Turn {
  readonly scope: Scope;
  /** Names the work within the run: agent, item and round, e.g. `files.3`. */
  readonly label: string;
  /** Aborts when its time is up or the run is cancelled. Made when it is first read, so a spread leaves it out: see `turnBut`. */
  readonly signal: AbortSignal;
  /** Those of the run, on which a try is given its time. */
  readonly deadlines: Deadlines;
  /** Counts what a try took, also one that fails. */
  readonly spend: (cost: AgentCost) => void;
  /** Given the pieces of a text as they come, where somebody listens. */
  readonly onText: ((piece: string) => void) | null;
}

/** An agent ready to work. */
export interface Work {
  /** @throws OrreryError what becomes the agent's error */
  answer(turn: Turn): Answer | Promise<Answer>;
  /** Everything its answer depends on beside the turn, files' bytes included; only agents that are pure are asked. */
  readonly content?: () => string;
  /** Ensembles within one another in it, 0 for none. */
  readonly depth?: number;
  /** Questions a turn puts to models. */
  readonly questions?: number;
  /** Why it cannot work here, e.g. for want of a key; whoever stands in by rules then does. */
  readonly unusable?: string | null;
  /** What is not as written, though it works: a sentence each. */
  readonly notes?: readonly string[];
}

/** Where an agent is prepared. */
export interface Surroundings {
  readonly ensemble: string;
  readonly agent: string;
  /** Names of the agents it depends on. */
  readonly dependsOn: readonly string[];
  /** Those of `dependsOn` that only route to it; none unless given. */
  readonly routers?: readonly string[];
  /** All of the ensemble, for what an error says of them; none unless given. */
  readonly agents?: readonly string[];
  readonly files: EnsembleFiles;
  /** Files of the ensembles around this one, the outermost first. */
  readonly chain: readonly string[];
  /** Work of another kind, for an agent that is made of several. */
  prepare(body: AgentBody): Work;
}

/** One kind of agent. */
export interface Runner<Settings extends object = object> {
  readonly kind: string;
  /** The keys it has beside those that every agent has. */
  readonly settings: z.ZodObject;
  /** Of a kind that chooses whom to ask: the agents on each branch. */
  branches?(settings: Settings): { readonly [branch: string]: readonly string[] };
  /** Names of places in its texts and expressions are checked here, and its files opened. @throws OrreryError */
  prepare(settings: Settings, surroundings: Surroundings): Work;
}

export type Runners = ReadonlyMap<string, Runner>;

export function createRunners(runners: readonly Runner[]): Runners {
  return new Map(runners.map((runner) => [runner.kind, runner]));
}
