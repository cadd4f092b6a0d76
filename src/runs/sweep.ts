import { availableParallelism } from 'node:os';
import { sinceProcessStartMs } from '../core/index.ts';
import {
  type BacktestSettings,
  type Baseline,
  baselineOf,
  compatibleStatistics,
  dailySharpes,
  holdOf,
  type Market,
  mostCompared,
  opensOf,
  ranked,
  type SweepDocument,
  type SweepHead,
  type SweepRange,
  type SweepTrial,
  sweepEvidence,
  sweepGrid,
} from '../engine/index.ts';
import { bestAgainstHoldSentence, deflatedSharpeSentence, overfittingSentence } from '../wording/index.ts';
import { noteOfReplayedTrial } from './kept-state.ts';
import { type BacktestRequest, openTested, variantOf } from './strategy-backtest.ts';
import { createPlayer, type SweepJob } from './sweep-player.ts';
import { sharedMarkets } from './sweep-sharing.ts';
import { playAll, type SweepWatch } from './sweep-threads.ts';
import { dataKey, type TrialsLog } from './trials-log.ts';

/** Many backtests that differ in some parameters only. `params` are those of all of them. */
export interface SweepRequest extends BacktestRequest {
  /** Where threads find the strategy: its shipped name, or its absolute path. */
  readonly source: string;
  readonly ranges: readonly SweepRange[];
  /** Threads to use; null for one on each core. */
  readonly workers: number | null;
}

/** Which backtests to make, and what their document begins with. */
export interface OpenSweep {
  readonly head: SweepHead;
  readonly job: Omit<SweepJob, 'stretches' | 'keepEvery'>;
  readonly loadMs: number;
}

/** @throws OrreryError `usage-invalid` for ranges that make no sense, and what reading candles throws */
export async function openSweep(request: SweepRequest): Promise<OpenSweep> {
  const { source, ranges, params, compat } = request;
  const grid = sweepGrid(ranges, params);
  const { market, settings, head } = await openTested(request);
  const asked = request.workers ?? availableParallelism();
  const workers = Math.min(asked, grid.combinations);
  const markets = workers === 1 ? market.markets : sharedMarkets(market.markets);
  const { axes, combinations } = grid;
  return {
    head: { ...head, axes, combinations, workers },
    job: { source, markets, settings, compat, grid, indicatorRoom: Math.floor(indicatorRoom / workers) },
    loadMs: market.loadMs,
  };
}

/** Values of all threads together: 512 MiB. */
const indicatorRoom = 2 ** 26;

/** Everything there is. */
const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * Backtests every combination of the ranges. The figures of each are those of a single backtest, on however many threads.
 * @throws OrreryError what {@link openSweep} throws, and `interrupted`
 */
export async function sweepStrategy(
  request: SweepRequest,
  log: TrialsLog,
  watch: SweepWatch,
): Promise<SweepDocument> {
  const { head, job, loadMs } = await openSweep(request);
  const startedMs = sinceProcessStartMs();
  const whole: SweepJob = {
    ...job,
    stretches: [always],
    keepEvery: Math.ceil(job.grid.combinations / mostCompared),
  };
  const trials = await playAll(request.strategy.code, whole, head.workers, watch);
  const playedMs = sinceProcessStartMs();
  const evidence = sweepEvidence(trials);
  if (!request.compat && evidence.trials > 0) noteTrials(request, { head, job }, trials, log);
  const best = ranked(trials)[0]?.row ?? null;
  const buyAndHold = heldOn(job.markets, job.settings, request.compat);
  const replay = createPlayer(request.strategy.code, { ...whole, keepEvery: null });
  return {
    ...head,
    notes: [...head.notes, ...noteOfReplayedTrial(request, trials, () => replay(0))],
    failed: trials.length - evidence.trials,
    best,
    results: trials.map(({ row }) => row),
    ...evidence,
    baselines: { buyAndHold },
    words: {
      deflatedSharpe: deflatedSharpeSentence(evidence),
      probabilityOfOverfitting: overfittingSentence(evidence),
      againstHold: best === null ? null : bestAgainstHoldSentence(best, buyAndHold, evidence.days),
    },
    timings: { loadMs, runMs: playedMs - startedMs, statsMs: sinceProcessStartMs() - playedMs },
  };
}

/** What holding came to, counted as the combinations beside it are. */
function heldOn(markets: readonly Market[], settings: BacktestSettings, compat: boolean): Baseline {
  const curve = holdOf(markets, opensOf(markets), settings);
  const held = baselineOf(settings.cash, curve, markets);
  const [market] = markets;
  if (!compat || market === undefined) return held;
  const { series, from, to } = market;
  const none = new Float64Array();
  const { sharpe } = compatibleStatistics({
    openTime: series.openTime.subarray(from, to),
    close: series.close.subarray(from, to),
    equity: Float64Array.from(curve, ({ equity }) => equity),
    trades: { entryBar: none, exitBar: none, pnl: none, returnFraction: none, commission: none },
    firstNextBar: 0,
  });
  return { ...held, sharpe };
}

/** Whoever tests one of these combinations by itself later has tried them all. */
function noteTrials(
  request: SweepRequest,
  { head, job }: Pick<OpenSweep, 'head' | 'job'>,
  trials: readonly SweepTrial[],
  log: TrialsLog,
): void {
  const played = trials.filter(({ row }) => row.error === null);
  const sharpes = dailySharpes(played);
  const tried = played.map(({ row }, at) => ({
    variant: variantOf(request, head, row.params),
    sharpe: sharpes[at]!,
  }));
  const batch = variantOf(request, head, { ...request.params, swept: request.ranges });
  log.note(dataKey(job.markets), tried, batch);
}
