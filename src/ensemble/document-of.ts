import { asOrreryError, type JsonValue, OrreryError } from '../core/index.ts';
import type { AgentOutcome, EnsembleDocument } from './ensemble-document.ts';
import type { PreparedEnsemble } from './prepare-ensemble.ts';
import { routingOf } from './routing.ts';
import type { AgentResult, GraphResult } from './run-graph.ts';
import type { Answer } from './runner.ts';
import { type EnsembleInput, errorAsData, type HeardAgent } from './scope.ts';
import type { Tally } from './tally.ts';

export interface EndedRun {
  readonly prepared: PreparedEnsemble;
  readonly run: string;
  readonly input: EnsembleInput;
  readonly tally: Tally;
  readonly heard: ReadonlyMap<string, HeardAgent>;
  /** Its time was up. */
  readonly late: OrreryError | null;
  readonly totalMs: number;
}

/** The document of a run whose agents are all settled. */
export function documentOf(ended: EndedRun, { agents }: GraphResult<Answer>): EnsembleDocument {
  const { prepared, run, tally, late, totalMs } = ended;
  const { provider: _, model: _model, ...usage } = tally.total();
  const output = outputOf(ended, agents);
  const error = output.error === null ? null : errorAsData(late ?? output.error);
  const flawed = agents.some(({ status, output: answer }) => fails(status) || answer?.partial === true);
  const routing = routingOf(prepared, agents, tally);
  return {
    ensemble: prepared.spec.name,
    run,
    status: error !== null ? 'failed' : flawed || late !== null ? 'partial' : 'completed',
    phases: prepared.plan.phases,
    agents: outcomesOf(ended, agents),
    output: output.value,
    error,
    usage,
    timings: {
      totalMs,
      sequentialMs: agents.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
    },
    ...(routing === null ? {} : { routing }),
  };
}

function outcomesOf(
  ended: EndedRun,
  agents: readonly AgentResult<Answer>[],
): { readonly [agent: string]: AgentOutcome } {
  const outcomes: { [agent: string]: AgentOutcome } = {};
  for (const result of agents) outcomes[result.name] = outcomeOf(ended, result);
  return outcomes;
}

function fails(status: AgentOutcome['status']): boolean {
  return status === 'failed' || status === 'timeout';
}

export function outcomeOf(
  { prepared, tally, heard }: Pick<EndedRun, 'prepared' | 'tally' | 'heard'>,
  result: AgentResult<Answer>,
): AgentOutcome {
  const { kind } = prepared.agents.get(result.name)!.spec;
  const { provider, model, promptTokens, responseTokens, costUsd } = tally.of(result.name);
  const answer = result.output;
  const { status, output, error } = heard.get(result.name)!;
  // Each key on its own: spread together, objects of this size took most of a run's time.
  const outcome = {
    kind,
    status,
    output,
    error,
    latencyMs: result.latencyMs,
    source: answer === null ? null : (answer.source ?? kind),
    provider,
    model,
    promptTokens,
    responseTokens,
    costUsd,
  };
  return answer?.details === undefined ? outcome : { ...outcome, details: answer.details };
}

type Output =
  | { readonly value: JsonValue; readonly error: null }
  | { readonly value: null; readonly error: OrreryError };

function outputOf({ prepared, input, heard }: EndedRun, agents: readonly AgentResult<Answer>[]): Output {
  const { spec, template } = prepared;
  if (spec.output.kind === 'agent') {
    const { from } = spec.output;
    const result = agents.find(({ name }) => name === from)!;
    return result.status === 'ok'
      ? { value: result.output.output, error: null }
      : { value: null, error: result.error };
  }
  const answered = agents.some(({ status }) => status === 'ok');
  const [first] = agents.filter(({ status }) => fails(status));
  if (!answered) {
    return { value: null, error: first?.error ?? new OrreryError('agent-skipped', 'no agent had to work') };
  }
  try {
    return { value: template!.fill({ input, agents: Object.fromEntries(heard) }), error: null };
  } catch (thrown) {
    return { value: null, error: asOrreryError(thrown) };
  }
}
