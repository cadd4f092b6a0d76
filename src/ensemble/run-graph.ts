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

export interface EnsembleResult<Output> {
  /** One per agent, in the order of the plan. */
  readonly agents: readonly AgentResult<Output>[];
}

/**
 * Does one agent's work; `dependencies` are the results of its `dependsOn`, in that order, failures included. The
 * signal aborts when the run is cancelled or the agent's time is up.
 */
export type RunAgent<Output> = (
  name: string,
  dependencies: readonly AgentResult<Output>[],
  signal: AbortSignal | null,
) => Output | Promise<Output>;

export interface RunOptions {
  /** Cancels: what runs is given up as failed, what waits is skipped, both with `interrupted`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs every agent once, each as soon as those it depends on are done. Never throws or rejects because of an agent.
 * When every agent answers with a plain value the result is one too, so that a desk of rules pays for no promise.
 */
export function runEnsemble<Output>(
  plan: Plan,
  run: RunAgent<Output>,
  { signal }: RunOptions = {},
): EnsembleResult<Output> | Promise<EnsembleResult<Output>> {
  return new EnsembleRun(plan, run, signal ?? null).start();
}

class EnsembleRun<Output> {
  readonly #plan: Plan;
  readonly #run: RunAgent<Output>;
  readonly #signal: AbortSignal | null;
  readonly #results: (AgentResult<Output> | undefined)[];
  /** Dependencies that are not done, by agent. */
  readonly #waitingFor: number[];
  /** First in, first out; `#next` is the head. An agent enters once, when its last dependency is done. */
  readonly #ready: number[] = [];
  #next = 0;
  #done = 0;
  #finished: ((result: EnsembleResult<Output>) => void) | null = null;

  constructor(plan: Plan, run: RunAgent<Output>, signal: AbortSignal | null) {
    this.#plan = plan;
    this.#run = run;
    this.#signal = signal;
    this.#results = new Array(plan.agents.length);
    this.#waitingFor = plan.agents.map(({ dependencies }) => dependencies.length);
  }

  start(): EnsembleResult<Output> | Promise<EnsembleResult<Output>> {
    for (let index = 0; index < this.#waitingFor.length && this.#waitingFor[index] === 0; index++) {
      this.#ready.push(index);
    }
    this.#startReady();
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

  #startReady(): void {
    while (this.#next < this.#ready.length) {
      const index = this.#ready[this.#next++]!;
      if (this.#results[index] === undefined) this.#startAgent(index);
    }
  }

  #startAgent(index: number): void {
    const agent = this.#plan.agents[index]!;
    const reason = this.#reasonToSkip(agent);
    if (reason !== null) {
      this.#settle(index, unsuccessful(agent, 'skipped', reason, 0));
      return;
    }
    const startedMs = sinceProcessStartMs();
    const deadline = agent.timeoutMs === null ? null : new Deadline(agent.timeoutMs, this.#signal);
    try {
      const output = this.#run(agent.name, this.#heardBy(agent), deadline?.signal ?? this.#signal);
      if (output instanceof Promise) {
        this.#await(index, output, startedMs, deadline);
        return;
      }
      this.#settle(index, { name: agent.name, status: 'ok', output, error: null, latencyMs: 0 });
    } catch (thrown) {
      this.#settle(index, unsuccessful(agent, 'failed', asOrreryError(thrown), 0));
    }
    deadline?.release();
  }

  #await(index: number, output: Promise<Output>, startedMs: number, deadline: Deadline | null): void {
    const agent = this.#plan.agents[index]!;
    const finish = (resultAfter: (latencyMs: number) => AgentResult<Output>) => {
      deadline?.release();
      // A late answer, after its time was up or the run was cancelled, changes nothing: `#settle` ignores it.
      this.#settle(index, resultAfter(sinceProcessStartMs() - startedMs));
      this.#startReady();
      this.#finishWhenDone();
    };
    deadline?.start(() => {
      const error = interrupted(`agent \`${agent.name}\` gave no answer within ${agent.timeoutMs} ms`);
      finish((latencyMs) => unsuccessful(agent, 'timeout', error, latencyMs));
    });
    output.then(
      (value) =>
        finish((latencyMs) => ({ name: agent.name, status: 'ok', output: value, error: null, latencyMs })),
      (thrown) => finish((latencyMs) => unsuccessful(agent, 'failed', asOrreryError(thrown), latencyMs)),
    );
  }

  #heardBy(agent: PlannedAgent): readonly AgentResult<Output>[] {
    return agent.dependencies.map((dependency) => this.#results[dependency]!);
  }

  #reasonToSkip(agent: PlannedAgent): OrreryError | null {
    if (this.#signal?.aborted) return cancelled();
    for (const index of agent.required) {
      const needed = this.#results[index]!;
      if (needed.status === 'ok') continue;
      const how = { failed: 'failed', skipped: 'was skipped', timeout: 'timed out' }[needed.status];
      const message = `\`${agent.name}\` needs \`${needed.name}\`, which ${how}: ${needed.error.message}`;
      const { code, hint, retryable } = needed.error;
      return new OrreryError(code, message, { ...(hint && { hint }), retryable, cause: needed.error });
    }
    return null;
  }

  #settle(index: number, result: AgentResult<Output>): void {
    // An agent may cancel the run while it works; what was settled then stands.
    if (this.#results[index] !== undefined) return;
    this.#results[index] = result;
    this.#done++;
    for (const dependant of this.#plan.agents[index]!.dependants) {
      this.#waitingFor[dependant]!--;
      if (this.#waitingFor[dependant] === 0) this.#ready.push(dependant);
    }
  }

  #cancel(): void {
    for (const [index, agent] of this.#plan.agents.entries()) {
      if (this.#results[index] !== undefined) continue;
      const status = this.#waitingFor[index] === 0 ? 'failed' : 'skipped';
      this.#results[index] = unsuccessful(agent, status, cancelled(), 0);
      this.#done++;
    }
    this.#finishWhenDone();
  }

  #finishWhenDone(): void {
    if (this.#done === this.#results.length) this.#finished?.(this.#result());
  }

  #result(): EnsembleResult<Output> {
    return { agents: this.#results.map((result) => result!) };
  }
}

/** The end of one agent's time: aborts its signal, and follows the signal of the whole run. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | null;
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | null = null;
  readonly #follow = () => {
    this.release();
    this.#controller.abort();
  };

  constructor(timeoutMs: number, outer: AbortSignal | null) {
    this.#timeoutMs = timeoutMs;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(onTimeUp: () => void): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort();
      onTimeUp();
    }, this.#timeoutMs);
  }

  release(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#follow);
  }
}

function unsuccessful(
  agent: PlannedAgent,
  status: 'failed' | 'skipped' | 'timeout',
  error: OrreryError,
  latencyMs: number,
): AgentResult<never> {
  return { name: agent.name, status, output: null, error, latencyMs };
}

function interrupted(message: string): OrreryError {
  return new OrreryError('interrupted', message, { hint: 'Run it again.' });
}

function cancelled(): OrreryError {
  return interrupted('the run was cancelled');
}
