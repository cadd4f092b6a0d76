import { momentsOf } from './moments.ts';
import { normalProbability, normalQuantile } from './normal-distribution.ts';

/** All that the probabilities of a Sharpe need of its returns. Everything per period (a day, say), nothing annualised. */
export interface TrackRecord {
  readonly periods: number;
  readonly sharpe: number;
  readonly skewness: number;
  /** Not the excess: 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Null where the Sharpe is undefined. */
export function trackRecordOf(returns: Float64Array): TrackRecord | null {
  const moments = momentsOf(returns);
  if (moments === null) return null;
  const { count, mean, deviation, skewness, kurtosis } = moments;
  return { periods: count, sharpe: mean / deviation, skewness, kurtosis };
}

/**
 * The probability, 0 to 1, that the true Sharpe exceeds `benchmark` (per period): Bailey & López de Prado, "The Sharpe
 * ratio efficient frontier" (2012), eq. 11. Skew and fat tails lower it; null under two periods.
 */
export function probabilisticSharpe(record: TrackRecord, benchmark = 0): number | null {
  const spread = spreadOf(record);
  if (record.periods < 2 || spread === null) return null;
  return normalProbability(((record.sharpe - benchmark) * Math.sqrt(record.periods - 1)) / spread);
}

/**
 * How many periods it takes before `confidence` (0 to 1, default 0.95) can be had that the true Sharpe exceeds
 * `benchmark`, should the record go on as it is: Bailey & López de Prado (2012), eq. 13; not rounded. Null when the
 * Sharpe does not exceed the benchmark: no length is enough.
 */
export function minimumTrackRecordLength(
  record: TrackRecord,
  benchmark = 0,
  confidence = 0.95,
): number | null {
  const spread = spreadOf(record);
  const z = normalQuantile(confidence);
  if (spread === null || z === null || !(record.sharpe > benchmark)) return null;
  return 1 + ((spread * z) / (record.sharpe - benchmark)) ** 2;
}

/** √(n − 1) standard errors of the Sharpe (Mertens 2002); null where it is 0 or undefined. */
function spreadOf({ sharpe, skewness, kurtosis }: TrackRecord): number | null {
  const square = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return square > 0 && Number.isFinite(square) ? Math.sqrt(square) : null;
}
