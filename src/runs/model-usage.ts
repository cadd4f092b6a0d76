import { isoTime, type OrreryError } from '../core/index.ts';
import type { Journal, RunRecord } from '../journal/index.ts';
import { type RecordingDatabase, recordedCalls } from '../llm/index.ts';
import { storedCalls, storedSettings } from './stored-run.ts';

export const usageGroups = ['provider', 'model', 'agent', 'run', 'day'] as const;
/** What is added up together. A day is the UTC date on which a run began. */
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageFigures {
  /** Questions put to a provider by runs that were no replays. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Questions nobody was asked: the provider was left alone, or the budget was spent. */
  readonly turnedAway: number;
  /** What replays read instead of paying. */
  readonly recordedCostUsd: number;
  readonly cacheHits: number;
  /** Of the calls, those that brought no answer, or none that could be used. */
  readonly failures: number;
}

/** One group: exactly its own key is set, and with a model its provider. */
export type UsageRow = UsageFigures & { readonly [Key in UsageGroup]?: string };

export interface Usage {
  readonly by: UsageGroup;
  readonly rows: readonly UsageRow[];
  readonly total: UsageFigures;
  /** Runs among them that asked nobody, since they read the answers of others: nothing of them counts but `recordedCostUsd`. */
  readonly replays: number;
  /** Runs that could not be read. */
  readonly damaged: readonly OrreryError[];
}

interface UsageSources {
  readonly journal: Journal;
  readonly recordings: RecordingDatabase;
}

interface Call extends UsageFigures {
  readonly provider: string | null;
  readonly model: string | null;
  readonly agent: string;
}

const nothing: UsageFigures = {
  ...{ calls: 0, turnedAway: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, recordedCostUsd: 0 },
  ...{ cacheHits: 0, failures: 0 },
};

/**
 * What models took, in one run or, with null, in all. Every question counts once: a replay asks nobody.
 * @throws OrreryError `run-not-found`
 */
export async function modelUsage(
  { journal, recordings }: UsageSources,
  run: string | null,
  by: UsageGroup,
): Promise<Usage> {
  const list = run === null ? await journal.listRuns() : { runs: [{ run }], damaged: [] };
  const groups = new Map<string, UsageRow>();
  let total = nothing;
  let replays = 0;
  for (const { run: name } of list.runs) {
    const found = await journal.findRun(name);
    if (storedSettings(name, found.settings).replayOf !== null) replays++;
    for await (const call of callsOf(found, journal, recordings)) {
      const key = keyOf(by, call, found);
      const name = JSON.stringify(key);
      groups.set(name, { ...key, ...sum(groups.get(name) ?? nothing, call) });
      total = sum(total, call);
    }
  }
  const rows = [...groups.values()];
  // Runs and days come in their order; of the others the dearest first.
  if (by !== 'run' && by !== 'day')
    rows.sort((one, other) => spent(other) - spent(one) || other.calls - one.calls);
  return { by, rows, total, replays, damaged: list.damaged };
}

function keyOf(
  by: UsageGroup,
  call: Call,
  { run, startedAt }: RunRecord,
): { readonly [Key in UsageGroup]?: string } {
  const provider = call.provider ?? '';
  switch (by) {
    case 'provider':
      return { provider };
    case 'model':
      return { provider, model: call.model ?? '' };
    case 'agent':
      return { agent: call.agent };
    case 'run':
      return { run };
    case 'day':
      return { day: isoTime(startedAt).slice(0, 10) };
  }
}

async function* callsOf(
  found: RunRecord,
  journal: Journal,
  recordings: RecordingDatabase,
): AsyncGenerator<Call> {
  const { run, bars } = found;
  const { record, replayOf } = storedSettings(run, found.settings);
  if (replayOf === null && !record) {
    const counts = storedCalls(run, found.checkpoint);
    if (counts === null) yield* callsOfRecords(journal, run);
    else yield* counts.map((one) => ({ ...one, turnedAway: one.turnedAway ?? 0, recordedCostUsd: 0 }));
    return;
  }
  for await (const call of recordedCalls(recordings, replayOf ?? run)) {
    // A replay under way has not come to the later ones.
    if (replayOf !== null && call.number > bars) continue;
    const { provider, model, agent, costUsd, inputTokens, outputTokens } = call;
    if (replayOf !== null) yield { ...nothing, provider, model, agent, recordedCostUsd: costUsd };
    else {
      yield {
        ...{ provider, model, agent, inputTokens, outputTokens, costUsd, recordedCostUsd: 0 },
        calls: call.cached || call.turnedAway ? 0 : 1,
        turnedAway: call.turnedAway ? 1 : 0,
        cacheHits: call.cached ? 1 : 0,
        failures: call.failed ? 1 : 0,
      };
    }
  }
}

/** For a run of an earlier version, which did not count: each record may stand for several questions. */
async function* callsOfRecords(journal: Journal, run: string): AsyncGenerator<Call> {
  for await (const record of journal.records(run)) {
    if (record.provider === null) continue;
    const cached = record.source === 'cache';
    yield {
      ...{ provider: record.provider, model: record.model, agent: record.agent },
      ...{ inputTokens: record.promptTokens, outputTokens: record.responseTokens },
      ...{ costUsd: record.costUsd, recordedCostUsd: 0, turnedAway: 0 },
      calls: cached ? 0 : 1,
      cacheHits: cached ? 1 : 0,
      failures: record.fellBack ? 1 : 0,
    };
  }
}

function sum(one: UsageFigures, other: UsageFigures): UsageFigures {
  return {
    calls: one.calls + other.calls,
    turnedAway: one.turnedAway + other.turnedAway,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: one.costUsd + other.costUsd,
    recordedCostUsd: one.recordedCostUsd + other.recordedCostUsd,
    cacheHits: one.cacheHits + other.cacheHits,
    failures: one.failures + other.failures,
  };
}

function spent({ costUsd, recordedCostUsd }: UsageFigures): number {
  return costUsd + recordedCostUsd;
}
