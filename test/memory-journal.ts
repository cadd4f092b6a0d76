import { OrreryError } from '../src/core/index.ts';
import type { Journal, JournalStep, NewRun, RunEnd, RunRecord } from '../src/journal/index.ts';

interface Kept {
  readonly run: NewRun;
  steps: JournalStep[];
  checkpoint: unknown;
  end: RunEnd | null;
}

/** Through JSON and back, as anything that was stored. */
function stored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/**
 * A journal that keeps everything in memory, as JSON: for tests that stop and go on often. It knows no other process and no
 * outcomes; orders keep the status they were written with.
 */
export function memoryJournal(): Journal {
  const runs = new Map<string, Kept>();
  const find = (run: string): Kept => {
    const kept = runs.get(run);
    if (kept === undefined) throw new OrreryError('run-not-found', `There is no run "${run}"`);
    return kept;
  };
  async function* each<Row>(run: string, pick: (step: JournalStep) => readonly Row[]): AsyncGenerator<Row> {
    for (const step of runs.get(run)?.steps ?? []) yield* pick(step);
  }
  const recordOf = ({ run, steps, checkpoint, end }: Kept): RunRecord => ({
    ...run,
    status: end?.status ?? 'interrupted',
    finishedAt: end?.finishedAt ?? null,
    bars: steps.flatMap((step) => step.records).filter((record) => record.kind === 'decision').length,
    hash: end?.hash ?? null,
    checkpoint,
    document: end?.document ?? null,
    failure: end?.failure ?? null,
  });
  return {
    async createRun(run) {
      if (runs.has(run.run)) throw new OrreryError('run-exists', `There is a run "${run.run}" already`);
      runs.set(run.run, { run: stored(run), steps: [], checkpoint: null, end: null });
    },
    async claimRun(run) {
      find(run).end = null;
    },
    async append(run, steps, checkpoint) {
      const kept = find(run);
      kept.steps = [...kept.steps, ...stored(steps)];
      kept.checkpoint = stored(checkpoint);
    },
    async finishRun(run, end) {
      find(run).end = stored(end);
    },
    findRun: async (run) => recordOf(find(run)),
    listRuns: async () => ({ runs: [...runs.values()].map(recordOf), damaged: [] }),
    async *records(run, { kind, agent, instrument } = {}) {
      for await (const record of each(run, (step) => step.records)) {
        if (kind !== undefined && record.kind !== kind) continue;
        if (agent !== undefined && record.agent !== agent) continue;
        if (instrument !== undefined && record.instrument !== instrument) continue;
        yield { ...record, outcome: null };
      }
    },
    async findRecord(id) {
      for (const run of runs.keys()) {
        for await (const record of each(run, (step) => step.records)) {
          if (record.id === id) return { ...record, outcome: null };
        }
      }
      throw new OrreryError('record-not-found', `There is no record "${id}"`);
    },
    orders: (run) => each(run, (step) => step.orders),
    fills: (run) => each(run, (step) => step.fills),
    trades: (run) => each(run, (step) => step.trades),
    equity: (run) => each(run, ({ equity }) => (equity === null ? [] : [equity])),
  };
}
