import { isoTime, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import {
  type Backtest,
  backtest,
  marketsWithin,
  ranked,
  type Stretch,
  type SweepTrial,
  type WalkForwardDays,
  type WalkForwardDocument,
  type WalkForwardWindowResult,
  walkForwardStretches,
} from '../engine/index.ts';
import { statisticsOf } from './strategy-backtest.ts';
import { openSweep, type SweepRequest } from './sweep.ts';
import type { SweepJob } from './sweep-player.ts';
import { playAll, type SweepWatch } from './sweep-threads.ts';
import type { TrialsLog } from './trials-log.ts';
import { verdictOn } from './walk-forward-verdict.ts';

/**
 * Chooses the best combination of each window's train stretch, by Sharpe, and tests it on the stretch after. Neither the
 * choice nor a test is given a bar later than its stretch.
 * @throws OrreryError `range-empty` when there is no window; else as `sweepStrategy`
 */
export async function walkForward(
  request: SweepRequest,
  days: WalkForwardDays,
  log: TrialsLog,
  watch: SweepWatch,
): Promise<WalkForwardDocument> {
  const opened = await openSweep(request);
  const { head, job, loadMs } = opened;
  const { markets, settings, grid } = job;
  const windows = walkForwardStretches(markets, days);
  const startedMs = sinceProcessStartMs();
  const training: SweepJob = { ...job, stretches: windows.map(({ train }) => train), keepEvery: null };
  const trials = await playAll(request.strategy.code, training, head.workers, watch);
  const tests: Backtest[] = [];
  const results = windows.map(({ train, test }, window): WalkForwardWindowResult => {
    const from = window * grid.combinations;
    const chosen = bestOf(trials.slice(from, from + grid.combinations));
    const within = marketsWithin(markets, test);
    const tested = backtest(request.strategy.code, chosen.params, within, settings);
    tests.push(tested);
    const { sharpe, returnPct } = statisticsOf(tested, request);
    return {
      train: written(train),
      test: written(test),
      params: chosen.params,
      inSampleSharpe: chosen.sharpe,
      outOfSampleSharpe: sharpe,
      returnPct,
      trades: tested.closed.length,
    };
  });
  const playedMs = sinceProcessStartMs();
  return {
    ...head,
    windows: results,
    ...verdictOn({ request, days, opened, windows, tests }, log),
    timings: { loadMs, runMs: playedMs - startedMs, statsMs: sinceProcessStartMs() - playedMs },
  };
}

function bestOf(trials: readonly SweepTrial[]): SweepTrial['row'] {
  const [best] = ranked(trials);
  if (best !== undefined) return best.row;
  throw new OrreryError(
    'strategy-invalid',
    `every combination failed: ${trials[0]?.row.error ?? 'there is none'}`,
    {
      hint: 'Sweep parameters that the strategy can be run with.',
    },
  );
}

function written({ from, to }: Stretch): WalkForwardWindowResult['train'] {
  return { from: isoTime(from), to: isoTime(to) };
}
