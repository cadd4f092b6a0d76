import { deflatedSharpe, probabilityOfOverfitting, trialsOf } from './statistics/index.ts';
import { ranked, type SweepTrial } from './sweep-trial.ts';

/** The daily returns of so many combinations at most, spread evenly over all, are compared with each other. */
export const mostCompared = 500;

/** 924 splits of the days; the 12,870 of 16 blocks would take longer than most sweeps do. */
const blocks = 12;

/** What the best of a sweep is worth, given that it was chosen among all. */
export interface SweepEvidence {
  /** Probability, 0 to 1, that the true Sharpe of the best exceeds 0, the choice taken into account. */
  readonly deflatedSharpe: number | null;
  /** Share of the splits of the days in which the best on one half is no better than the median on the other. */
  readonly probabilityOfOverfitting: number | null;
  /** Combinations that were played to the end. */
  readonly trials: number;
  /** Of those, combinations in the probability of overfitting. */
  readonly compared: number;
  readonly days: number;
}

/**
 * Sharpe per day of each combination that did not fail. One whose returns never vary did nothing: it counts as a trial with
 * a Sharpe of 0.
 */
export function dailySharpes(all: readonly SweepTrial[]): Float64Array {
  const played = all.filter(({ row }) => row.error === null);
  return Float64Array.from(played, ({ record }) => record?.sharpe ?? 0);
}

export function sweepEvidence(all: readonly SweepTrial[]): SweepEvidence {
  const played = all.filter(({ row }) => row.error === null);
  const [best] = ranked(played);
  const record = best?.record ?? null;
  const trials = trialsOf(dailySharpes(played));
  const columns = played.flatMap(({ daily }) => (daily === null ? [] : [daily]));
  const overfitting = probabilityOfOverfitting(columns, blocks);
  return {
    deflatedSharpe: record === null || trials === null ? null : deflatedSharpe(record, trials),
    probabilityOfOverfitting: overfitting?.probability ?? null,
    trials: played.length,
    compared: columns.length,
    days: columns[0]?.length ?? 0,
  };
}
