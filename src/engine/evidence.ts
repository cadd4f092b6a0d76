import {
  type ConfidenceInterval,
  type Differences,
  deflatedSharpe,
  differenceIntervals,
  type InsufficientEvidence,
  insufficientEvidence,
  minimumTrackRecordLength,
  probabilisticSharpe,
  sharpeInterval,
  type Trials,
  trackRecordOf,
} from './statistics/index.ts';

/** How far a result can be told from luck. Null where it cannot be computed. */
export interface Evidence {
  /** Of the annualised Sharpe, 95 %. */
  readonly sharpe: ConfidenceInterval | null;
  /** This run less buy-and-hold on the same days. */
  readonly againstHold: Differences;
  /** Probability that the true Sharpe is above 0. */
  readonly probabilisticSharpe: number | null;
  /** The same, with the choice among `trials` variants taken into account. */
  readonly deflatedSharpe: number | null;
  /** Variants that have been tried on the same candles, this one included. */
  readonly trials: number;
  /** Days after which the Sharpe could be told from 0, should it go on like this. */
  readonly minimumTrackRecordDays: number | null;
  /** What there is too little of; empty when there is enough. */
  readonly insufficient: readonly InsufficientEvidence[];
}

export interface EvidenceInput {
  /** Daily returns as fractions, of the run and of buy-and-hold on the same days. */
  readonly returns: Float64Array;
  readonly hold: Float64Array;
  readonly periodsPerYear: number;
  /** Closed ones. */
  readonly trades: number;
  /** Null when this is the only variant known. */
  readonly trials: Trials | null;
  readonly seed: number;
}

/** What the daily returns of a result say about luck; sources stand with each statistic. */
export function evidenceOf({ returns, hold, periodsPerYear, trades, trials, seed }: EvidenceInput): Evidence {
  const record = trackRecordOf(returns);
  const length = record === null ? null : minimumTrackRecordLength(record);
  return {
    sharpe: sharpeInterval(returns, periodsPerYear, { seed }),
    againstHold: differenceIntervals(returns, hold, periodsPerYear, { seed }),
    probabilisticSharpe: record === null ? null : probabilisticSharpe(record),
    deflatedSharpe:
      record === null ? null : deflatedSharpe(record, trials ?? { count: 1, sharpeVariance: 0 }),
    trials: trials?.count ?? 1,
    minimumTrackRecordDays: length === null ? null : Math.ceil(length),
    insufficient: insufficientEvidence({ days: returns.length, trades }),
  };
}
