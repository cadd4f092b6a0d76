import {
  type BacktestSettings,
  backtest,
  combinationAt,
  failedTrial,
  type Market,
  marketsWithin,
  type Strategy,
  type Stretch,
  type SweepGrid,
  type SweepTrial,
  trialOf,
} from '../engine/index.ts';
import { statisticsOf } from './strategy-backtest.ts';
import { keptIndicators } from './sweep-indicators.ts';

/** What a thread needs to play combinations. It is cloned to each, but for the candles, which all of them share. */
export interface SweepJob {
  /** The strategy, by its shipped name or its absolute path. */
  readonly source: string;
  readonly markets: readonly Market[];
  readonly settings: BacktestSettings;
  readonly compat: boolean;
  readonly grid: SweepGrid;
  /** Every combination is played on each of them. */
  readonly stretches: readonly Stretch[];
  /** Of every so many combinations, one keeps its daily returns; null for none. */
  readonly keepEvery: number | null;
  /** Values of indicators that a thread may keep from one combination to the next. */
  readonly indicatorRoom: number;
}

/** Tasks are numbered by stretch, then by combination. */
export function taskCount({ stretches, grid }: SweepJob): number {
  return stretches.length * grid.combinations;
}

/** Plays tasks. Those of one stretch are best played in a row: what they have in common is kept from one to the next. */
export function createPlayer(strategy: Strategy, job: SweepJob): (task: number) => SweepTrial {
  const { grid, settings, compat, keepEvery } = job;
  let current = -1;
  let markets: readonly Market[] = [];
  let playing = settings;
  return (task) => {
    const stretch = Math.floor(task / grid.combinations);
    const combination = task % grid.combinations;
    if (stretch !== current) {
      current = stretch;
      markets = marketsWithin(job.markets, job.stretches[stretch]!);
      const indicatorsOf = keptIndicators(job.indicatorRoom);
      const longest = Math.max(...markets.map(({ from, to }) => to - from));
      playing = { ...settings, indicatorsOf, equityColumn: new Float64Array(longest) };
    }
    const params = combinationAt(grid, combination);
    try {
      const test = backtest(strategy, params, markets, playing);
      const { cash } = settings;
      const keep = keepEvery !== null && combination % keepEvery === 0;
      return trialOf(params, test, statisticsOf(test, { cash, compat }), cash, keep);
    } catch (thrown) {
      return failedTrial(params, thrown);
    }
  };
}
