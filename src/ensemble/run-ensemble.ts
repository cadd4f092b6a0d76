import { OrreryError, sinceProcessStartMs } from '../core/index.ts';
import type { AgentCost } from './agent-cost.ts';
import { Deadlines } from './deadlines.ts';
import { documentOf, outcomeOf } from './document-of.ts';
import type { AgentOutcome, EnsembleDocument } from './ensemble-document.ts';
import type { PreparedAgent, PreparedEnsemble } from './prepare-ensemble.ts';
import { routedElsewhere } from './routes.ts';
import { cancelled, runGraph } from './run-graph.ts';
import type { Answer } from './runner.ts';
import { type EnsembleInput, type HeardAgent, heardFrom, type Scope } from './scope.ts';
import { Tally } from './tally.ts';
import { turnUntil } from './turn.ts';

/** Something that happens while an ensemble runs. */
export type EnsembleEvent =
  | { readonly kind: 'agent-started'; readonly agent: string }
  | { readonly kind: 'agent-ended'; readonly agent: string; readonly outcome: AgentOutcome }
  /** A piece of the output as it is written, of an ensemble that streams. */
  | { readonly kind: 'text'; readonly agent: string; readonly piece: string };

export interface EnsembleRunOptions {
  /** Names the run. */
  readonly run: string;
  readonly signal?: AbortSignal | undefined;
  /** Only watches: what it throws is dropped, and agents wait for it, so it must be quick. */
  readonly watch?: ((event: EnsembleEvent) => void) | undefined;
  /** Tells the output's text while it is written, where one model writes it. */
  readonly streamed?: boolean | undefined;
  /** Told what models took as soon as it is known: whoever waits for the run may have given it up by its end. */
  readonly spend?: ((cost: AgentCost) => void) | undefined;
}

/**
 * Runs every agent once its dependencies are done. Never rejects because of an agent: what failed is in the document, and counts
 * as `partial` where others could do without.
 */
export async function runEnsemble(
  prepared: PreparedEnsemble,
  input: EnsembleInput,
  options: EnsembleRunOptions,
): Promise<EnsembleDocument> {
  const { spec, plan } = prepared;
  const startedMs = sinceProcessStartMs();
  let late: OrreryError | null = null;
  const deadlines = new Deadlines(options.signal ?? null);
  if (spec.timeoutMs !== null) {
    deadlines.begin(spec.timeoutMs, () => {
      late = new OrreryError('agent-timeout', `${spec.name} came to no end within ${spec.timeoutMs} ms`, {
        hint: 'Raise its timeoutMs.',
      });
      deadlines.cancel();
    });
  }
  const tally = new Tally();
  const heard = new Map<string, HeardAgent>();
  const turns = { prepared, input, options, tally, heard, deadlines };
  try {
    const result = await runGraph<Answer>(
      plan,
      (name) => answerOf(turns, name),
      {
        signal: spec.timeoutMs === null ? options.signal : deadlines.signal,
        whyCancelled: (agent, begun) => (late === null ? cancelled() : outOfTime(agent, begun)),
        concurrency: spec.concurrency ?? undefined,
      },
      (settled) => {
        heard.set(settled.name, heardFrom(settled));
        tell(options, () => ({
          kind: 'agent-ended',
          agent: settled.name,
          outcome: outcomeOf({ prepared, tally, heard }, settled),
        }));
      },
    );
    const totalMs = sinceProcessStartMs() - startedMs;
    return documentOf({ prepared, input, tally, heard, late, totalMs, run: options.run }, result);
  } finally {
    deadlines.release();
  }
}

interface Turns {
  readonly prepared: PreparedEnsemble;
  readonly input: EnsembleInput;
  readonly options: EnsembleRunOptions;
  readonly tally: Tally;
  /** What each settled agent said, for all who depend on it. */
  readonly heard: Map<string, HeardAgent>;
  readonly deadlines: Deadlines;
}

function answerOf(turns: Turns, name: string): Answer | Promise<Answer> {
  const agent = turns.prepared.agents.get(name)!;
  const agents: { [name: string]: HeardAgent } = {};
  for (const dependency of agent.dependsOn) agents[dependency] = turns.heard.get(dependency)!;
  const scope: Scope = { input: turns.input, agents };
  refuseTurn(agent, scope);
  const { prepared, options, tally, deadlines } = turns;
  tell(options, () => ({ kind: 'agent-started', agent: name }));
  const { output } = prepared.spec;
  const speaks = options.streamed === true && output.kind === 'agent' && output.from === name;
  const turn = turnUntil(deadlines, {
    scope,
    label: `${options.run}.${name}`,
    deadlines,
    spend: (cost) => {
      tally.add(name, cost);
      options.spend?.(cost);
    },
    onText: speaks ? (piece) => tell(options, () => ({ kind: 'text', agent: name, piece })) : null,
  });
  return agent.work.answer(turn);
}

function outOfTime(agent: string, begun: boolean): OrreryError {
  const how = begun ? 'was given up when' : 'had not begun when';
  return new OrreryError('agent-timeout', `\`${agent}\` ${how} the time of the whole was up`, {
    hint: "Raise the ensemble's timeoutMs.",
  });
}

function tell({ watch }: EnsembleRunOptions, event: () => EnsembleEvent): void {
  if (watch === undefined) return;
  try {
    watch(event());
  } catch {
    // Watching must not change what is watched.
  }
}

/** @throws OrreryError `agent-skipped` when nobody needs the agent */
function refuseTurn({ spec, routes, when }: PreparedAgent, scope: Scope): void {
  const elsewhere = routedElsewhere(routes, scope.agents);
  if (elsewhere !== null) throw new OrreryError('agent-skipped', `nobody needs it: ${elsewhere}`);
  if (when !== null && when.evaluate(scope) !== true) {
    throw new OrreryError('agent-skipped', `not now: \`${spec.when}\` is not true`);
  }
}
