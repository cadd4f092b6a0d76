import type { JsonValue } from '../core/index.ts';
import { checkShape } from '../yaml/index.ts';
import type { EnsembleSpec } from './agent-spec.ts';
import type { CodeWork } from './code-runner.ts';
import { ensembleSchema } from './ensemble-schema.ts';
import type { Runners } from './runner.ts';

/** Keys that every agent may have, as in YAML. */
interface CommonKeys<Names extends string> {
  readonly depends_on?: readonly Names[];
  readonly required?: readonly Names[];
  readonly when?: string;
  readonly fanOut?: string;
  readonly concurrency?: number;
  readonly loop?: { readonly until: string; readonly max: number };
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly pure?: boolean;
}

/**
 * An agent as code says it: the keys of YAML, its name being its key; or `kind: 'code'` with a function `run`. One type for
 * all kinds, since of a union the compiler could not tell what `run` is given.
 */
export interface AgentDefinition<Names extends string = string> extends CommonKeys<Names> {
  readonly kind: string;
  readonly run?: CodeWork;
  readonly [key: string]: unknown;
}

export type AgentDefinitions = { readonly [name: string]: AgentDefinition };

/** An ensemble in code. `Agents` keeps its agents' names and what their functions return, `From` who gives the output. */
export interface EnsembleDefinition<
  Agents extends AgentDefinitions = AgentDefinitions,
  From extends string = string,
> {
  readonly ensemble: string;
  readonly description?: string;
  readonly agents: Agents;
  readonly output?: { readonly from: From } | { readonly template: string };
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

/** The same with the names in it checked by the compiler. */
type Checked<Agents extends AgentDefinitions> = {
  readonly [Name in keyof Agents]: CommonKeys<keyof Agents & string> &
    (Agents[Name]['kind'] extends 'code' ? { readonly run: CodeWork } : unknown);
};

/** What comes out of an ensemble in code: what the function of the agent in `output.from` returns, else anything. */
export type OutputOf<Agents extends AgentDefinitions, From extends string> = [From] extends [never]
  ? JsonValue
  : From extends keyof Agents
    ? OutputOfAgent<Agents[From]>
    : JsonValue;

type OutputOfAgent<Agent> = Agent extends {
  readonly kind: 'code';
  readonly run: (...turn: never[]) => infer Output;
}
  ? Agent extends { readonly fanOut: string }
    ? readonly (Awaited<Output> | null)[]
    : Awaited<Output>
  : JsonValue;

/**
 * An ensemble in code, with the keys of YAML: `agents` by name, each of a `kind`, or `kind: 'code'` with a function `run`.
 * The compiler knows the agents' names; everything else is checked when it is run, as a file would be.
 * @example
 * const review = defineEnsemble({
 *   ensemble: 'review',
 *   agents: {
 *     lines: { kind: 'code', run: ({ input }) => input.text.split('\n').length },
 *     judge: { kind: 'llm', depends_on: ['lines'], question: 'Judge these {{agents.lines}} lines: {{input}}' },
 *   },
 *   output: { from: 'judge' },
 * });
 */
export function defineEnsemble<
  const Agents extends AgentDefinitions,
  const From extends keyof Agents & string = never,
>(
  definition: EnsembleDefinition<Agents, From> & { readonly agents: Checked<Agents> },
): EnsembleDefinition<Agents, From> {
  return definition;
}

/**
 * The spec of an ensemble in code.
 * @throws OrreryError `ensemble-invalid`, `agents-invalid`
 */
export function specFromDefinition({ agents, ...rest }: EnsembleDefinition, runners: Runners): EnsembleSpec {
  const value = { ...rest, agents: Object.entries(agents).map(([name, agent]) => ({ name, ...agent })) };
  return checkShape({
    value,
    schema: ensembleSchema(runners),
    code: 'ensemble-invalid',
    where: `ensemble ${rest.ensemble}`,
    hint: 'docs/ensembles.md lists every key and what it takes.',
  });
}
