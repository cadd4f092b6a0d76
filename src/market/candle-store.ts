import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CandleSeries, isoTime, OrreryError, type Timeframe, timeframeOf } from '../core/index.ts';
import { makeStateFolder, stateFolderFailure } from '../storage/index.ts';
import { type Batch, batchOf, joinBatches, joinTwo, noteOf, resampled } from './candle-batch.ts';
import { loadCandleFile } from './candle-file.ts';
import type { CandleNote, CandleOrigin } from './candle-note.ts';
import { type DataOption, symbolOf } from './data-option.ts';

/** What is kept of one symbol at one interval. */
export interface StoredCandles {
  readonly symbol: string;
  readonly interval: Timeframe;
  readonly intervalMs: number;
  readonly rows: number;
  /** First and last open. */
  readonly from: string;
  readonly to: string;
  readonly sources: readonly CandleOrigin[];
  /** Absolute. */
  readonly file: string;
}

export interface ImportedCandles extends StoredCandles {
  /** Rows that were not there before. */
  readonly added: number;
}

/** Candles in one folder, a Parquet file for each symbol and interval: `BTCUSDT_1h.parquet`. */
export interface CandleStore {
  /** By symbol, then interval. */
  list(): Promise<readonly StoredCandles[]>;
  /**
   * Adds the candles of files to what is stored; `everyMs` makes longer bars of them first. Files of one symbol and
   * interval are put together, with each other before they are resampled. Nothing is written if one is refused.
   *
   * @throws OrreryError what reading and resampling throw, `candles-invalid` where candles contradict stored ones,
   * `database-failed` where the folder cannot be written
   */
  import(options: readonly DataOption[], everyMs: number | null): Promise<readonly ImportedCandles[]>;
  /**
   * Where the candles of a `--data` are: the file of that name, absolute, else the stored file of that symbol, or of
   * `SYMBOL_INTERVAL`. A name that is neither is left to whoever reads it.
   *
   * @throws OrreryError `usage-invalid` for a symbol that is stored at several intervals
   */
  locate(option: DataOption): DataOption;
}

/** Both absolute: where the store lies, and where relative names begin. */
export function createCandleStore(folder: string, cwd: string): CandleStore {
  return {
    async list() {
      const files = storedNames(folder).map(({ file }) => file);
      if (files.length === 0) return [];
      const { readNotes } = await import('./parquet-notes.ts');
      return (await readNotes(files)).map(({ file, note }) => describe(file, note));
    },
    async import(options, everyMs) {
      const loaded: Batch[] = [];
      for (const option of options) loaded.push(batchOf(await loadCandleFile(option)));
      const joined = joinBatches(loaded);
      const batches =
        everyMs === null ? joined : joinBatches(joined.map((batch) => resampled(batch, everyMs)));
      const merged = [];
      for (const batch of batches) merged.push(await withStored(folder, batch));
      makeStateFolder(folder);
      const imported: ImportedCandles[] = [];
      for (const { batch, added } of merged) {
        const file = fileOf(folder, batch.series);
        const note = noteOf(batch);
        if (added > 0) await write(file, batch.series, note);
        imported.push({ ...describe(file, note), added });
      }
      return imported;
    },
    locate(option) {
      const path = resolve(cwd, option.file);
      if (option.format !== null || existsSync(path)) return { ...option, file: path };
      const found = storedNames(folder).filter(
        ({ symbol, interval }) => option.file === symbol || option.file === `${symbol}_${interval}`,
      );
      const [first, second] = found;
      if (second !== undefined) throw refuseAmbiguous(option.file, found);
      if (first === undefined) return { ...option, file: path };
      // A symbol may hold a point, which ends the one that a file's name gives.
      const named = option.symbol !== symbolOf(option.file);
      return { symbol: named ? option.symbol : first.symbol, file: first.file, format: 'parquet' };
    },
  };
}

interface StoredName {
  readonly symbol: string;
  readonly interval: string;
  readonly file: string;
}

function storedNames(folder: string): StoredName[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, symbol, interval] = /^([^_]+)_(\d+[smhdw])\.parquet$/.exec(name) ?? [];
      return symbol === undefined || interval === undefined
        ? []
        : [{ symbol, interval, file: join(folder, name) }];
    });
}

function fileOf(folder: string, { symbol, intervalMs }: CandleSeries): string {
  return join(folder, `${symbol}_${timeframeOf(intervalMs)}.parquet`);
}

async function withStored(
  folder: string,
  batch: Batch,
): Promise<{ readonly batch: Batch; readonly added: number }> {
  const { symbol, length } = batch.series;
  const file = fileOf(folder, batch.series);
  if (!existsSync(file)) return { batch, added: length };
  const [{ readNotes }, stored] = await Promise.all([
    import('./parquet-notes.ts'),
    loadCandleFile({ symbol, file, format: 'parquet' }),
  ]);
  const [noted] = await readNotes([file]);
  const { instrument, series } = stored;
  const before = { instrument, series, origins: noted?.note.sources ?? [] };
  const joined = joinTwo(before, batch);
  const added = joined.series.length - series.length;
  return { batch: added === 0 ? before : joined, added };
}

/** Whoever reads the file meanwhile has the old one or the new one, never a half. */
async function write(file: string, series: CandleSeries, note: CandleNote): Promise<void> {
  const { writeParquet } = await import('./write-parquet.ts');
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeParquet(unfinished, series, JSON.stringify(note));
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause instanceof OrreryError ? cause : stateFolderFailure(file, 'written', cause);
  }
}

function describe(file: string, { symbol, intervalMs, rows, from, to, sources }: CandleNote): StoredCandles {
  const interval = timeframeOf(intervalMs);
  return { symbol, interval, intervalMs, rows, from: isoTime(from), to: isoTime(to), sources, file };
}

function refuseAmbiguous(name: string, found: readonly StoredName[]): OrreryError {
  const intervals = found.map(({ interval }) => interval).join(', ');
  return new OrreryError('usage-invalid', `${name} is stored at several intervals: ${intervals}`, {
    hint: `Name one: ${found.map(({ symbol, interval }) => `${symbol}_${interval}`).join(' or ')}.`,
  });
}
