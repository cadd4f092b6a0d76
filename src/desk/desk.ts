import type { AgentReport, DecisionRecord, Notices, OrderRequest, OrreryError } from '../core/index.ts';
import type { Agent, Conclusion, Decider, Heard, Situation } from '../engine/index.ts';
import { type AgentResult, type GraphResult, type Plan, planPhases, runGraph } from '../ensemble/index.ts';
import { type Cadence, isDue, type LastTurn } from './cadence.ts';

export interface DeskAgent {
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** Whoever listens cannot decide without it. */
  readonly required: boolean;
  readonly every: Cadence;
  readonly agent: Agent;
}

/** A desk without its market: the agents, the last of which is the chief, and what frames their decision. */
export interface DeskParts {
  readonly agents: readonly DeskAgent[];
  readonly chief: string;
  /** The decision when the chief itself failed. */
  hold(situation: Situation, why: string): DecisionRecord;
  execute(situation: Situation, decision: DecisionRecord): OrderRequest | null;
  readonly notices: Notices;
}

interface LastReport extends LastTurn {
  readonly report: AgentReport;
}

/** Failures that an agent may have without ending the run. Everything else that is thrown is ours to repair. */
const agentFailures = new Set([
  'provider-failed',
  'provider-refused',
  'answer-invalid',
  'agents-invalid',
  'internal',
]);

/**
 * Runs the agents of a desk as an ensemble on every bar. An agent that is not due contributes its last report with
 * its age. `state` is what {@link Decider.state} gave when the run was interrupted.
 */
export function createDesk(parts: DeskParts, state: unknown = null): Decider {
  return new Desk(parts, state);
}

class Desk implements Decider {
  readonly #parts: DeskParts;
  readonly #plan: Plan;
  readonly #byName: ReadonlyMap<string, DeskAgent>;
  /** By instrument and agent; only of agents that do not run on every bar. */
  readonly #last: Map<string, LastReport>;
  /** Failures a person has heard of: one alert for each agent and kind. */
  readonly #told = new Set<string>();

  constructor(parts: DeskParts, state: unknown) {
    this.#parts = parts;
    this.#plan = planPhases(parts.agents.map(({ name, dependsOn }) => ({ name, dependsOn })));
    this.#byName = new Map(parts.agents.map((agent) => [agent.name, agent]));
    this.#last = new Map(Object.entries((state ?? {}) as { readonly [key: string]: LastReport }));
  }

  state(): unknown {
    return Object.fromEntries(this.#last);
  }

  decide(situation: Situation): Conclusion | Promise<Conclusion> {
    const result = runGraph<AgentReport>(this.#plan, (name, heard) => this.#run(situation, name, heard));
    return result instanceof Promise
      ? result.then((settled) => this.#weigh(situation, settled))
      : this.#weigh(situation, result);
  }

  #run(
    situation: Situation,
    name: string,
    dependencies: readonly AgentResult<AgentReport>[],
  ): AgentReport | Promise<AgentReport> {
    const own = this.#byName.get(name)!;
    const key = `${situation.instrument.symbol} ${name}`;
    const last = this.#last.get(key);
    if (last !== undefined && !isDue(own.every, situation, last)) return last.report;
    const heard = dependencies.map((dependency) => this.#heard(situation, dependency));
    return own.agent(situation, heard);
  }

  #heard(situation: Situation, { name, output }: AgentResult<AgentReport>): Heard {
    const own = this.#byName.get(name)!;
    const last = this.#last.get(`${situation.instrument.symbol} ${name}`);
    const ageBars = last !== undefined && last.report === output ? situation.index - last.index : 0;
    return { agent: name, report: output, required: own.required, ageBars };
  }

  #weigh(situation: Situation, result: GraphResult<AgentReport>): Conclusion {
    const voices: DecisionRecord[] = [];
    let decision: DecisionRecord | null = null;
    let failure = 'it gave no decision';
    for (const { name, output, error } of result.agents) {
      if (error !== null) this.#tell(name, error);
      if (name === this.#parts.chief) {
        decision = output?.records[0] ?? null;
        failure = error?.code ?? failure;
        continue;
      }
      if (output === null) continue;
      this.#remember(situation, name, output);
      for (const record of output.records) if (record.number === situation.number) voices.push(record);
    }
    return this.#conclude(situation, decision ?? this.#parts.hold(situation, failure), voices);
  }

  #tell(agent: string, error: OrreryError): void {
    if (!agentFailures.has(error.code)) throw error;
    if (this.#told.has(`${agent} ${error.code}`)) return;
    this.#told.add(`${agent} ${error.code}`);
    this.#parts.notices.alert(
      `${agent} could not answer: ${error.message}. It counts as failed, not as neutral.`,
    );
  }

  #remember(situation: Situation, name: string, report: AgentReport): void {
    const { every } = this.#byName.get(name)!;
    if (every.kind === 'bars' && every.bars === 1) return;
    const key = `${situation.instrument.symbol} ${name}`;
    if (this.#last.get(key)?.report !== report)
      this.#last.set(key, { at: situation.at, index: situation.index, report });
  }

  #conclude(situation: Situation, decision: DecisionRecord, voices: readonly DecisionRecord[]): Conclusion {
    return { decision, voices, request: this.#parts.execute(situation, decision) };
  }
}
