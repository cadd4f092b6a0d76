import { sinceProcessStartMs } from '../core/index.ts';
import type { EnsembleDocument } from '../ensemble/index.ts';
import type { BatchInput } from './batch-inputs.ts';
import { type BatchRecord, type BatchResult, resultOf } from './batch-record.ts';
import { createProgressLine } from './progress-line.ts';
import { writeAside } from './standard-streams.ts';
import type { TerminalSession } from './terminal-session.ts';

export interface BatchWork {
  readonly inputs: readonly BatchInput[];
  readonly record: Pick<BatchRecord, 'add'>;
  /** What is not to be done again, by the index of the input. */
  readonly done: ReadonlyMap<number, BatchResult>;
  readonly concurrency: number;
  readonly stop: AbortSignal;
  /** Null for one that was stopped on the way. */
  readonly perform: (input: BatchInput, signal: AbortSignal) => Promise<EnsembleDocument | null>;
}

export interface BatchTotals {
  readonly inputs: number;
  /** Done before. */
  readonly resumed: number;
  readonly completed: number;
  readonly partial: number;
  readonly failed: number;
  /** Of all inputs that are done, earlier ones too. */
  readonly costUsd: number;
  /** Why inputs failed, the most frequent first. */
  readonly errors: readonly { readonly message: string; readonly count: number }[];
}

/** Does what is not done yet, several at a time, and keeps each result as it comes. */
export async function runBatch(session: TerminalSession, work: BatchWork): Promise<BatchTotals> {
  const { inputs, record, done, concurrency, stop, perform } = work;
  const results = new Map<number, BatchResult>(done);
  const waiting = inputs.filter(({ index }) => !results.has(index)).values();
  const line = createProgressLine({
    stream: { write: writeAside },
    terminal: session.terminal('stderr'),
    unit: 'inputs',
    elapsedMs: sinceProcessStartMs,
  });
  const show = () => {
    const { costUsd, failed: failures } = totalsOf(inputs.length, results, done.size);
    line.update({ done: results.size, total: inputs.length, costUsd, failures });
  };
  const broken = new AbortController();
  const signal = AbortSignal.any([stop, broken.signal]);
  const takeTurns = async () => {
    for (const input of waiting) {
      if (signal.aborted) return;
      const document = await perform(input, signal);
      if (document === null) return;
      record.add(input, document);
      results.set(input.index, resultOf(document, null));
      show();
    }
  };
  // A model that waits for nothing the system knows of would let the process end without a word.
  const waits = setInterval(() => undefined, 60_000);
  session.showDrawn(line);
  show();
  try {
    const turns = Array.from({ length: Math.min(concurrency, inputs.length) }, async () => {
      // A result that cannot be kept is none worth paying for.
      await takeTurns().catch((thrown) => {
        broken.abort();
        throw thrown;
      });
    });
    const ended = await Promise.allSettled(turns);
    for (const turn of ended) if (turn.status === 'rejected') throw turn.reason;
    return { ...totalsOf(inputs.length, results, done.size), errors: errorsIn(results) };
  } finally {
    clearInterval(waits);
    line.end();
    session.showDrawn(null);
  }
}

type Figures = Omit<BatchTotals, 'errors'>;

function totalsOf(inputs: number, results: ReadonlyMap<number, BatchResult>, resumed: number): Figures {
  const totals = { inputs, resumed, completed: 0, partial: 0, failed: 0, costUsd: 0 };
  for (const { status, costUsd } of results.values()) {
    totals[status]++;
    totals.costUsd += costUsd;
  }
  return totals;
}

function errorsIn(results: ReadonlyMap<number, BatchResult>): BatchTotals['errors'] {
  const counts = new Map<string, number>();
  for (const { status, error } of results.values()) {
    if (status !== 'failed') continue;
    const message = error ?? 'no reason is given';
    counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return [...counts].map(([message, count]) => ({ message, count })).sort((a, b) => b.count - a.count);
}
