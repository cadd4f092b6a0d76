import { basename } from 'node:path';
import { type CandleSeries, type EpochMs, type Instrument, OrreryError, timeframeOf } from '../core/index.ts';
import type { LoadedCandles } from './candle-file.ts';
import type { CandleNote, CandleOrigin } from './candle-note.ts';
import type { CandleProblem } from './candle-problems.ts';
import { longHoles } from './long-holes.ts';
import { mergeCandles } from './merge-candles.ts';
import { resample } from './resample.ts';

/** Candles to be stored, and where they come from. */
export interface Batch {
  readonly instrument: Instrument;
  readonly series: CandleSeries;
  readonly origins: readonly CandleOrigin[];
  /** First and last open of each file that is new. */
  readonly edges: readonly EpochMs[];
  /** What is wrong or odd about these files. */
  readonly problems: readonly FileProblem[];
}

export interface FileProblem extends CandleProblem {
  /** By its name without folders. */
  readonly file: string;
}

export function batchOf(
  { instrument, series, file, sha256, format }: LoadedCandles,
  problems: readonly CandleProblem[],
): Batch {
  const name = basename(file);
  return {
    instrument,
    series,
    origins: [{ name, sha256, format }],
    edges: [series.openTime[0]!, series.openTime[series.length - 1]!],
    problems: problems.map((problem) => ({ file: name, ...problem })),
  };
}

/** One batch of each symbol and interval. */
export function joinBatches(batches: readonly Batch[]): readonly Batch[] {
  const joined = new Map<string, Batch>();
  for (const batch of batches) {
    const key = `${batch.series.symbol} ${batch.series.intervalMs}`;
    const before = joined.get(key);
    joined.set(key, before === undefined ? batch : joinTwo(before, batch));
  }
  return [...joined.values()];
}

/** @throws OrreryError see {@link mergeCandles} */
export function joinTwo(before: Batch, batch: Batch): Batch {
  const known = new Set(before.origins.map(({ sha256 }) => sha256));
  const { adjusted } = before.instrument;
  return {
    instrument: { ...before.instrument, adjusted: adjusted === batch.instrument.adjusted ? adjusted : null },
    series: mergeCandles(before.series, batch.series, namesOf(batch.origins)),
    origins: [...before.origins, ...batch.origins.filter(({ sha256 }) => !known.has(sha256))],
    edges: [...before.edges, ...batch.edges],
    problems: [...before.problems, ...batch.problems],
  };
}

/** @throws OrreryError what {@link resample} throws; `candles-invalid` when nothing is left */
export function resampled(batch: Batch, everyMs: number): Batch {
  const series = resample(batch.series, everyMs);
  if (series.length > 0) return { ...batch, series };
  const message = `${namesOf(batch.origins)} makes no whole bar of ${timeframeOf(everyMs)}`;
  throw new OrreryError('candles-invalid', message, { hint: 'Choose shorter bars with --every.' });
}

export function noteOf({ instrument, series, origins }: Batch): CandleNote {
  const { symbol, intervalMs, length, openTime } = series;
  const { assetClass, adjusted } = instrument;
  const [from, to] = [openTime[0]!, openTime[length - 1]!];
  const holes = [...longHoles(series, 0, length)];
  return { symbol, intervalMs, rows: length, from, to, assetClass, adjusted, sources: [...origins], holes };
}

function namesOf(origins: readonly CandleOrigin[]): string {
  return origins.map(({ name }) => name).join(', ');
}
