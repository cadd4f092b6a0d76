import { asOrreryError, type JsonValue, OrreryError } from '../core/index.ts';
import type { AgentOutcome, EnsembleDocument } from './ensemble-document.ts';
import type { PreparedEnsemble } from './prepare-ensemble.ts';
import { routingOf } from './routing.ts';
import type { AgentResult, GraphResult } from './run-graph.ts';
import type { Answer } from './runner.ts';
import { type EnsembleInput, errorAsData, heardFrom } from './scope.ts';
import type { Tally } from './tally.ts';

export interface EndedRun {
  readonly prepared: PreparedEnsemble;
  readonly run: string;
  readonly input: EnsembleInput;
  readonly tally: Tally;
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
    agents: Object.fromEntries(agents.map((result) => [result.name, outcomeOf(ended, result)])),
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

function fails(status: AgentOutcome['status']): boolean {
  return status === 'failed' || status === 'timeout';
}

export function outcomeOf(
  { prepared, tally }: Pick<EndedRun, 'prepared' | 'tally'>,
  result: AgentResult<Answer>,
): AgentOutcome {
  const { kind } = prepared.agents.get(result.name)!.spec;
  const { provider, model, promptTokens, responseTokens, costUsd } = tally.of(result.name);
  const answer = result.output;
  const { status, output, error } = heardFrom(result);
  return {
    ...{ kind, status, output, error },
    latencyMs: result.latencyMs,
    source: answer === null ? null : (answer.source ?? kind),
    ...{ provider, model, promptTokens, responseTokens, costUsd },
    ...(answer?.details === undefined ? {} : { details: answer.details }),
  };
}

type Output =
  | { readonly value: JsonValue; readonly error: null }
  | { readonly value: null; readonly error: OrreryError };

function outputOf({ prepared, input }: EndedRun, agents: readonly AgentResult<Answer>[]): Output {
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
    const heard = Object.fromEntries(agents.map((result) => [result.name, heardFrom(result)]));
    return { value: template!.fill({ input, agents: heard }), error: null };
  } catch (thrown) {
    return { value: null, error: asOrreryError(thrown) };
  }
}
