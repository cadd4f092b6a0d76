import { asOrreryError, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import type { Plan, PlannedAgent } from './plan-phases.ts';

/** How one agent fared. Whatever went wrong is here and nowhere else; nothing failed has an output. */
export type AgentResult<Output> =
  | {
      readonly name: string;
      readonly status: 'ok';
      readonly output: Output;
      readonly error: null;
      /** Until its promise settled; 0 for an agent that answered at once. */
      readonly latencyMs: number;
    }
  | {
      readonly name: string;
      readonly status: 'failed' | 'skipped' | 'timeout';
      readonly output: null;
      readonly error: OrreryError;
      readonly latencyMs: number;
    };

export interface GraphResult<Output> {
  /** One per agent, in the order of the plan. */
  readonly agents: readonly AgentResult<Output>[];
}

/**
 * Does one agent's work; `dependencies` are the results of its `dependsOn`, in that order, failures included. The
 * signal aborts when the run is cancelled. An error `agent-timeout` or `agent-skipped` says how it fared; any other is a
 * failure.
 */
export type RunAgent<Output> = (
  name: string,
  dependencies: readonly AgentResult<Output>[],
  signal: AbortSignal | null,
) => Output | Promise<Output>;

export interface RunOptions {
  /** Cancels: what runs is given up as failed, what waits is skipped, both with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** What is said of an agent that was at work, or waited, when the signal aborted; that the run was cancelled unless given. */
  readonly whyCancelled?: ((agent: string, begun: boolean) => OrreryError) | undefined;
  /** Agents at work at one time, at least 1; no limit unless given. */
  readonly concurrency?: number | undefined;
}

/** Hears of each agent once, when it is settled. */
export type WatchAgent<Output> = (result: AgentResult<Output>) => void;

/**
 * Runs every agent once, each as soon as those it depends on are done. Never throws or rejects because of an agent.
 * When every agent answers with a plain value the result is one too, so that a desk of rules pays for no promise.
 */
export function runGraph<Output>(
  plan: Plan,
  run: RunAgent<Output>,
  { signal, whyCancelled = cancelled, concurrency = Number.POSITIVE_INFINITY }: RunOptions = {},
  watch?: WatchAgent<Output>,
): GraphResult<Output> | Promise<GraphResult<Output>> {
  return new GraphRun({ plan, run, watch, whyCancelled }, signal ?? null).start(new Places(concurrency));
}

interface Graph<Output> {
  readonly plan: Plan;
  readonly run: RunAgent<Output>;
  readonly watch: WatchAgent<Output> | undefined;
  readonly whyCancelled: (agent: string, begun: boolean) => OrreryError;
}

/** How many may still begin. */
class Places {
  #free: number;

  constructor(free: number) {
    this.#free = free;
  }

  take(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  giveBack(): void {
    this.#free++;
  }
}

class GraphRun<Output> {
  readonly #graph: Graph<Output>;
  readonly #signal: AbortSignal | null;
  readonly #results: (AgentResult<Output> | undefined)[];
  readonly #queue: ReadyQueue;
  #done = 0;
  #finished: ((result: GraphResult<Output>) => void) | null = null;

  constructor(graph: Graph<Output>, signal: AbortSignal | null) {
    this.#graph = graph;
    this.#signal = signal;
    this.#results = new Array(graph.plan.agents.length);
    this.#queue = new ReadyQueue(graph.plan);
  }

  start(places: Places): GraphResult<Output> | Promise<GraphResult<Output>> {
    this.#startReady(places);
    if (this.#done === this.#results.length) return this.#result();
    return new Promise((resolve) => {
      const cancel = () => this.#cancel();
      this.#finished = (result) => {
        this.#signal?.removeEventListener('abort', cancel);
        resolve(result);
      };
      if (this.#signal?.aborted) cancel();
      else this.#signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  #startReady(places: Places): void {
    while (this.#queue.waiting && places.take()) {
      const index = this.#queue.take();
      if (this.#results[index] !== undefined || this.#startAgent(index, places)) places.giveBack();
    }
  }

  /** @returns whether it is done already */
  #startAgent(index: number, places: Places): boolean {
    const agent = this.#graph.plan.agents[index]!;
    const reason = this.#reasonToSkip(agent);
    if (reason !== null) return this.#settle(index, unsuccessful(agent, reason, 0, 'skipped'));
    try {
      const output = this.#graph.run(agent.name, this.#heardBy(agent), this.#signal);
      if (output instanceof Promise) {
        this.#await(index, output, places);
        return false;
      }
      return this.#settle(index, { name: agent.name, status: 'ok', output, error: null, latencyMs: 0 });
    } catch (thrown) {
      return this.#settle(index, unsuccessful(agent, asOrreryError(thrown), 0));
    }
  }

  #await(index: number, output: Promise<Output>, places: Places): void {
    const agent = this.#graph.plan.agents[index]!;
    const { name } = agent;
    const begunMs = this.#queue.begunMs(index) ?? 0;
    const taken = () => sinceProcessStartMs() - begunMs;
    const finish = (result: AgentResult<Output>) => {
      // A late answer, after the run was cancelled, changes nothing: `#settle` ignores it.
      this.#settle(index, result);
      places.giveBack();
      this.#startReady(places);
      this.#finishWhenDone();
    };
    output.then(
      (value) => finish({ name, status: 'ok', output: value, error: null, latencyMs: taken() }),
      (thrown) => finish(unsuccessful(agent, asOrreryError(thrown), taken())),
    );
  }

  #heardBy(agent: PlannedAgent): readonly AgentResult<Output>[] {
    return agent.dependencies.map((dependency) => this.#results[dependency]!);
  }

  #reasonToSkip(agent: PlannedAgent): OrreryError | null {
    if (this.#signal?.aborted) return this.#graph.whyCancelled(agent.name, false);
    for (const index of agent.required) {
      const needed = this.#results[index]!;
      if (needed.status === 'ok') continue;
      const how = { failed: 'failed', skipped: 'was skipped', timeout: 'timed out' }[needed.status];
      const root = rootOf(needed.error, needed.status);
      const message = `\`${agent.name}\` needs \`${needed.name}\`, which ${how}: ${root.message}`;
      const { code, hint, retryable } = root;
      return new OrreryError(code, message, { ...(hint && { hint }), retryable, cause: root });
    }
    return null;
  }

  #settle(index: number, result: AgentResult<Output>): true {
    // An agent may cancel the run while it works; what was settled then stands.
    if (this.#results[index] !== undefined) return true;
    this.#results[index] = result;
    this.#done++;
    this.#graph.watch?.(result);
    this.#queue.settled(index);
    return true;
  }

  #cancel(): void {
    for (const [index, agent] of this.#graph.plan.agents.entries()) {
      if (this.#results[index] !== undefined) continue;
      const begunMs = this.#queue.begunMs(index);
      const latencyMs = begunMs === null ? 0 : sinceProcessStartMs() - begunMs;
      const error = this.#graph.whyCancelled(agent.name, begunMs !== null);
      const result = unsuccessful(agent, error, latencyMs, begunMs === null ? 'skipped' : statusOf(error));
      this.#results[index] = result;
      this.#done++;
      this.#graph.watch?.(result);
    }
    this.#finishWhenDone();
  }

  #finishWhenDone(): void {
    if (this.#done === this.#results.length) this.#finished?.(this.#result());
  }

  #result(): GraphResult<Output> {
    return { agents: this.#results.map((result) => result!) };
  }
}

/** Agents whose dependencies are all done, first in, first out; each enters once. */
class ReadyQueue {
  readonly #plan: Plan;
  /** Dependencies that are not done, by agent. */
  readonly #waitingFor: number[];
  readonly #ready: number[] = [];
  /** By the process's own clock. */
  readonly #begunMs: number[] = [];
  #next = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#waitingFor = plan.agents.map(({ dependencies }) => dependencies.length);
    // Phases stand one after the other, so those that wait for nobody are the first.
    for (let index = 0; index < this.#waitingFor.length && this.#waitingFor[index] === 0; index++) {
      this.#ready.push(index);
    }
  }

  get waiting(): boolean {
    return this.#next < this.#ready.length;
  }

  take(): number {
    const index = this.#ready[this.#next++]!;
    this.#begunMs[index] = sinceProcessStartMs();
    return index;
  }

  /** Null for one that is still waiting. */
  begunMs(index: number): number | null {
    return this.#begunMs[index] ?? null;
  }

  settled(index: number): void {
    for (const dependant of this.#plan.agents[index]!.dependants) {
      this.#waitingFor[dependant]!--;
      if (this.#waitingFor[dependant] === 0) this.#ready.push(dependant);
    }
  }
}

function unsuccessful(
  agent: PlannedAgent,
  error: OrreryError,
  latencyMs: number,
  status: 'failed' | 'skipped' | 'timeout' = statusOf(error),
): AgentResult<never> {
  return { name: agent.name, status, output: null, error, latencyMs };
}

function statusOf({ code }: OrreryError): 'failed' | 'skipped' | 'timeout' {
  if (code === 'agent-timeout') return 'timeout';
  return code === 'agent-skipped' ? 'skipped' : 'failed';
}

/** Of one that was skipped for want of another, what that other failed of. */
function rootOf(error: OrreryError, status: AgentResult<unknown>['status']): OrreryError {
  return status === 'skipped' && error.cause instanceof OrreryError ? error.cause : error;
}

export function cancelled(): OrreryError {
  return new OrreryError('interrupted', 'the run was cancelled', { hint: 'Run it again.' });
}
