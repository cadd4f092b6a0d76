import type { ModelUsage } from '../agents/index.ts';
import type { Checkpoint, Step } from '../engine/index.ts';
import type { CallCount } from '../llm/index.ts';

/** What goes into the journal with each batch: the loop's state and the bill so far. */
export interface RunCheckpoint {
  readonly loop: Checkpoint;
  readonly usage: ModelUsage;
  /** By agent and model, of a run that keeps no recordings to count. */
  readonly calls?: readonly CallCount[];
}

/** Where batches go: one transaction for the steps and the checkpoint they lead to. Calls need not wait for each other. */
export interface StepSink {
  append(run: string, steps: readonly Step[], checkpoint: RunCheckpoint): Promise<void>;
}

/** Rows gathered before a batch is worth its transaction. */
const batchRecords = 1500;

/**
 * Gathers steps into batches. A run that paid for an answer must not lose it, so a step with a model's answer is
 * written at once; what rules decided can be computed again.
 */
export class JournalWriter {
  readonly #sink: StepSink;
  readonly #run: string;
  readonly #usage: () => ModelUsage;
  #steps: Step[] = [];
  #records = 0;
  #checkpoint: (() => Checkpoint) | null = null;

  constructor(sink: StepSink, run: string, usage: () => ModelUsage) {
    this.#sink = sink;
    this.#run = run;
    this.#usage = usage;
  }

  /** `checkpoint` is valid until the next step. Resolves when what had to be written is written. */
  async add(step: Step, checkpoint: () => Checkpoint): Promise<void> {
    this.#steps.push(step);
    this.#records += step.records.length;
    this.#checkpoint = checkpoint;
    const paid = step.records.some((record) => record.provider !== null);
    if (paid || this.#records >= batchRecords) await this.close();
  }

  /** Writes what is still held back. */
  async close(): Promise<void> {
    if (this.#checkpoint === null) return;
    const checkpoint = { loop: this.#checkpoint(), usage: this.#usage() };
    const steps = this.#steps;
    this.#steps = [];
    this.#records = 0;
    this.#checkpoint = null;
    await this.#sink.append(this.#run, steps, checkpoint);
  }
}
