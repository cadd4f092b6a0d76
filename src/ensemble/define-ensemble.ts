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

/** An agent as code says it: the keys of YAML, its name being its key; or a function. */
export type AgentDefinition<Names extends string = string> =
  | (CommonKeys<Names> & { readonly kind: 'code'; readonly run: CodeWork })
  | (CommonKeys<Names> & { readonly kind: string; readonly [key: string]: unknown });

export type AgentDefinitions = { readonly [name: string]: AgentDefinition };

/** An ensemble in code. `Agents` keeps the names of its agents and what their functions return. */
export interface EnsembleDefinition<Agents extends AgentDefinitions = AgentDefinitions> {
  readonly ensemble: string;
  readonly description?: string;
  readonly agents: Agents;
  readonly output?: { readonly from: keyof Agents & string } | { readonly template: string };
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

/** The same with the names in it checked by the compiler. */
type Checked<Agents extends AgentDefinitions> = {
  readonly [Name in keyof Agents]: Agents[Name] & CommonKeys<keyof Agents & string>;
};

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
export function defineEnsemble<const Agents extends AgentDefinitions>(
  definition: EnsembleDefinition<Agents> & { readonly agents: Checked<Agents> },
): EnsembleDefinition<Agents> {
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
