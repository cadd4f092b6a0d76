import { existsSync } from 'node:fs';
import {
  asOrreryError,
  type CallObserver,
  HistoricalClock,
  type Notices,
  OrreryError,
  wallClock,
} from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import type { RunDocument } from '../engine/index.ts';
import { byInstant, createRunHash, type Journal, type RunRecord } from '../journal/index.ts';
import {
  countCalls,
  createGateway,
  type Environment,
  type RecordingDatabase,
  type RecordingMode,
  type StoredKeys,
} from '../llm/index.ts';
import { type DriveEnd, driveRun, type RunStart, type RunView, viewEnded } from './drive-run.ts';
import { estimateRun, type RunEstimate } from './estimate-run.ts';
import type { RunCheckpoint } from './journal-writer.ts';
import { type OpenMarket, openMarket, refuseChanged } from './open-market.ts';
import { withOwnData } from './packed-data.ts';
import type { RunSettings } from './run-settings.ts';
import { RunTally } from './run-tally.ts';
import { storedCheckpoint, storedDesk, storedDocument, storedSettings } from './stored-run.ts';
import type { TrialsLog } from './trials-log.ts';

/** What every run needs from outside. */
export interface RunPorts {
  readonly journal: Journal;
  readonly database: RecordingDatabase;
  readonly environment: Environment;
  readonly storedKeys: StoredKeys;
  readonly notices: Notices;
  readonly trials: TrialsLog;
  /** Told of every question to a model. */
  readonly observers: readonly CallObserver[];
  /** Where the report of a run will lie. */
  reportPath(run: string): string;
  /** Where candles lie that came with an imported run. */
  dataFolder(run: string): string;
}

/** How somebody follows a run. */
export interface RunWatch {
  /** The run exists and is about to begin. */
  onRun?(run: string): void;
  /** What a new run may cost, where anything of it costs money. */
  onEstimate?(estimate: RunEstimate): void;
  onReady?(view: RunView): void;
  onStep?(view: RunView): void | Promise<void>;
  /** Aborting ends the run after the bar under way, or before it where a model is still to answer; it can be resumed. */
  readonly stop: AbortSignal;
}

export type RunEnding =
  | { readonly kind: 'done'; readonly document: RunDocument; readonly view: RunView }
  | { readonly kind: 'stopped'; readonly run: string; readonly view: RunView }
  /** Nothing was left to do, unless the report is gone: then `view` is what to make it of. */
  | { readonly kind: 'was-done'; readonly document: RunDocument; readonly view: RunView | null };

export interface NewRun {
  readonly run: string;
  readonly settings: RunSettings;
  readonly spec: DeskSpec;
  readonly market: OpenMarket;
}

/** @throws OrreryError `run-exists`, and whatever ends a run */
export async function startRun(ports: RunPorts, fresh: NewRun, watch: RunWatch): Promise<RunEnding> {
  const { run, settings } = fresh;
  const estimate = estimateRun(settings, fresh.spec, fresh.market);
  const startedAt = wallClock.now();
  const stored = settings;
  await ports.journal.createRun({
    run,
    desk: settings.desk.name,
    mode: 'backtest',
    startedAt,
    settings: stored,
  });
  watch.onRun?.(run);
  if (estimate !== null) watch.onEstimate?.(estimate);
  const recording: RecordingMode = settings.record
    ? { kind: 'record', run, database: ports.database }
    : { kind: 'off' };
  return perform(
    ports,
    fresh,
    recording,
    { checkpoint: null, tally: new RunTally(), hash: createRunHash() },
    watch,
  );
}

/**
 * Goes on where a run stopped; a run that is done gives its document again.
 * @throws OrreryError `run-not-found`, `run-alive`, `data-changed`; of an interrupted replay what {@link replayRun} throws
 */
export async function resumeRun(ports: RunPorts, run: string, watch: RunWatch): Promise<RunEnding> {
  const { journal, database } = ports;
  const found = await journal.findRun(run);
  if (found.status === 'done') {
    watch.onRun?.(run);
    return recall(ports, found);
  }
  const sealed = await openSealed(ports, run, storedSettings(run, found.settings));
  await journal.claimRun(run);
  watch.onRun?.(run);
  const { settings } = sealed;
  // Read only now: until the claim another process may have gone on with the run.
  const { checkpoint } = await journal.findRun(run);
  const start = await restore(journal, run, storedCheckpoint(run, checkpoint));
  const source = settings.replayOf;
  const recording: RecordingMode =
    source !== null
      ? { kind: 'replay', run: source, database }
      : settings.record
        ? { kind: 'record', run, database }
        : { kind: 'off' };
  const ending = await perform(ports, sealed, recording, start, watch);
  if (source !== null) refuseOther(ending, source, (await journal.findRun(source)).hash);
  return ending;
}

/**
 * Does a finished run again as a new run, with agents, guard and broker at work and every model's answer from its
 * recordings.
 * @throws OrreryError `replay-differs` when the new run's hash is another, `recording-miss`, `recording-altered`
 */
export async function replayRun(
  ports: RunPorts,
  original: string,
  run: string,
  watch: RunWatch,
): Promise<RunEnding> {
  const found = await ports.journal.findRun(original);
  if (found.hash === null) {
    throw new OrreryError(
      'run-failed',
      `run ${original} never ended, so there is nothing to compare a replay with`,
      {
        hint: `Finish it first: orrery run --resume ${original}`,
      },
    );
  }
  const stored = storedSettings(original, found.settings);
  // A replay keeps no recordings of its own, so replaying one means replaying its origin.
  const replayOf = stored.replayOf ?? original;
  const sealed = { ...(await openSealed(ports, original, { ...stored, replayOf })), run };
  const settings = sealed.settings;
  await ports.journal.createRun({
    run,
    desk: stored.desk.name,
    mode: 'backtest',
    startedAt: wallClock.now(),
    settings,
  });
  watch.onRun?.(run);
  const recording: RecordingMode = { kind: 'replay', run: replayOf, database: ports.database };
  const start: RunStart = { checkpoint: null, tally: new RunTally(), hash: createRunHash() };
  const ending = await perform(ports, sealed, recording, start, watch);
  refuseOther(ending, original, found.hash);
  return ending;
}

/** @throws OrreryError `replay-differs` */
function refuseOther(ending: RunEnding, original: string, hash: string | null): void {
  if (ending.kind !== 'done' || ending.document.hash === hash) return;
  const { run, hash: other } = ending.document;
  throw new OrreryError('replay-differs', `the replay of ${original} came to hash ${other}, not ${hash}`, {
    hint: `Compare the decisions of ${original} and ${run}; a program of another version may decide differently.`,
  });
}

/** A run that is done. Its report lies where this home says, which may have been moved since. */
async function recall(ports: RunPorts, found: RunRecord): Promise<RunEnding> {
  const { run, document } = found;
  const report = ports.reportPath(run);
  const recalled = { kind: 'was-done', document: { ...storedDocument(run, document), report } } as const;
  if (existsSync(report)) return { ...recalled, view: null };
  try {
    const sealed = await openSealed(ports, run, storedSettings(run, found.settings));
    const start = await restore(ports.journal, run, storedCheckpoint(run, found.checkpoint));
    return { ...recalled, view: viewEnded({ ...sealed, start }) };
  } catch (thrown) {
    const { message } = asOrreryError(thrown);
    ports.notices.alert(`the report of run ${run} is gone and cannot be made again: ${message}`);
    return { ...recalled, document: { ...recalled.document, report: null }, view: null };
  }
}

/** What a run was sealed with, opened. Another run may take it up under its own name. */
async function openSealed(ports: RunPorts, run: string, stored: RunSettings): Promise<NewRun> {
  const settings = withOwnData(stored, ports.dataFolder(run));
  const spec = storedDesk(run, settings);
  const market = await openMarket(settings);
  refuseChanged(market, settings);
  return { run, settings, spec, market };
}

/** Tally and hash from what the journal holds; what came after the checkpoint was never written. */
async function restore(journal: Journal, run: string, checkpoint: RunCheckpoint | null): Promise<RunStart> {
  const tally = new RunTally();
  const hash = createRunHash();
  for await (const point of journal.equity(run)) tally.equity.push(point);
  for await (const fill of journal.fills(run)) tally.fills.push(fill);
  for await (const trade of journal.trades(run)) tally.trades.push(trade);
  for await (const order of journal.orders(run)) tally.orders.push(order);
  for await (const instant of byInstant(journal.records(run))) {
    tally.addRecords(instant);
    hash.add(instant);
  }
  return { checkpoint, tally, hash };
}

async function perform(
  ports: RunPorts,
  { run, settings, spec, market }: NewRun,
  recording: RecordingMode,
  start: RunStart,
  watch: RunWatch,
): Promise<RunEnding> {
  const { journal, database, environment, storedKeys, notices, observers } = ports;
  const clock = new HistoricalClock(start.checkpoint?.loop.at ?? Number.NEGATIVE_INFINITY);
  const gateway = createGateway({
    ...{ settings: settings.llm, environment, storedKeys, recording, observers, run },
    budgets: database,
    cache: { clock, database, notices },
    notices,
  });
  // A run begun by a version that did not count is not counted from its middle on.
  const earlier = start.checkpoint === null ? [] : start.checkpoint.calls;
  const counted = recording.kind === 'off' && earlier !== undefined ? countCalls(gateway, earlier) : null;
  const sink = {
    append: (of: string, steps: Parameters<Journal['append']>[1], checkpoint: RunCheckpoint) =>
      journal.append(of, steps, counted === null ? checkpoint : { ...checkpoint, calls: counted.counts() }),
  };
  let end: DriveEnd;
  try {
    end = await driveRun({
      ...{ run, settings, spec, market, clock, gateway: counted ?? gateway, start, sink, notices },
      trials: ports.trials,
      ...watch,
    });
  } catch (thrown) {
    await recordFailure(journal, run, asOrreryError(thrown));
    throw thrown;
  } finally {
    await gateway.close();
  }
  if (end.kind === 'stopped') return { kind: 'stopped', run, view: end.view };
  const document: RunDocument = { ...end.figures, timings: end.timings, report: ports.reportPath(run) };
  const stored = document;
  await journal.finishRun(run, {
    status: 'done',
    finishedAt: wallClock.now(),
    hash: document.hash,
    document: stored,
    failure: null,
  });
  return { kind: 'done', document, view: end.view };
}

async function recordFailure(journal: Journal, run: string, { code, message }: OrreryError): Promise<void> {
  try {
    await journal.finishRun(run, {
      status: 'failed',
      finishedAt: wallClock.now(),
      hash: null,
      document: null,
      failure: { code, message },
    });
  } catch {
    // The journal itself may be what failed; the first error is the one to tell.
  }
}
