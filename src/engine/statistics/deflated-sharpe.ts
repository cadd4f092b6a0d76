import { momentsOf } from './moments.ts';
import { normalQuantile } from './normal-distribution.ts';
import { probabilisticSharpe, type TrackRecord } from './track-record.ts';

/** All that was tried before one result was chosen. */
export interface Trials {
  /** Whole, 1 or more. Trials that resemble each other count as one, if that is known. */
  readonly count: number;
  /** Variance (n − 1) of the trials' Sharpes, per period as the record's. */
  readonly sharpeVariance: number;
}

/** From the Sharpe per period of each trial. Null for none, and when one of them is not finite. */
export function trialsOf(sharpes: Float64Array): Trials | null {
  const count = sharpes.length;
  if (count === 0 || !sharpes.every(Number.isFinite)) return null;
  return { count, sharpeVariance: (momentsOf(sharpes)?.deviation ?? 0) ** 2 };
}

/**
 * The Sharpe per period that the best of so many trials is expected to show though none is worth anything: Bailey &
 * López de Prado, "The deflated Sharpe ratio" (2014), eq. 1. 0 for a single trial; null for a count or variance that
 * makes no sense.
 */
export function expectedMaximumSharpe({ count, sharpeVariance }: Trials): number | null {
  if (!Number.isInteger(count) || count < 1 || !(sharpeVariance >= 0)) return null;
  if (count === 1) return 0;
  const best = normalQuantile(1 - 1 / count);
  const beyond = normalQuantile(1 - 1 / (count * Math.E));
  if (best === null || beyond === null) return null;
  return Math.sqrt(sharpeVariance) * ((1 - eulerMascheroni) * best + eulerMascheroni * beyond);
}

/**
 * The probability, 0 to 1, that the true Sharpe of the best of several trials exceeds 0, the choice among them taken
 * into account: Bailey & López de Prado (2014), eq. 2.
 */
export function deflatedSharpe(record: TrackRecord, trials: Trials): number | null {
  const benchmark = expectedMaximumSharpe(trials);
  return benchmark === null ? null : probabilisticSharpe(record, benchmark);
}

const eulerMascheroni = 0.5772156649015329;
