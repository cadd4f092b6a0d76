import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type CandleSeries,
  isoTime,
  nearestWord,
  OrreryError,
  type Timeframe,
  timeframeOf,
} from '../core/index.ts';
import { inTurn, makeStateFolder, stateFolderFailure } from '../storage/index.ts';
import {
  type Batch,
  batchOf,
  type FileProblem,
  joinBatches,
  joinTwo,
  noteOf,
  resampled,
} from './candle-batch.ts';
import { loadCandleFile } from './candle-file.ts';
import type { CandleNote, CandleOrigin } from './candle-note.ts';
import { checkCandleFile } from './check-candles.ts';
import { type DataOption, symbolOf } from './data-option.ts';
import { jointHoles } from './joint-holes.ts';
import type { DamagedCandles } from './parquet-notes.ts';
import { knownSpelling } from './symbol-spelling.ts';

/** What to do about a stored file that cannot be read. */
export const mendDamaged = 'Remove it, and import its candles again.';

export interface StoredHole {
  /** Open of the last bar before it. */
  readonly after: string;
  readonly days: number;
}

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
  /** Stretches without a bar that no weekend or holiday explains; null in a file of a version before it. */
  readonly holes: readonly StoredHole[] | null;
  /** Absolute. */
  readonly file: string;
}

export interface ImportedCandles extends StoredCandles {
  /** Rows that were not there before. */
  readonly added: number;
  /** What is wrong or odd about the files, as a check of them says. */
  readonly problems: readonly FileProblem[];
  /** Where new candles do not reach those beside them. */
  readonly joints: readonly StoredJoint[];
}

export interface StoredJoint extends StoredHole {
  /** Open of the first bar behind it. */
  readonly until: string;
}

export type RemovedCandles = Pick<StoredCandles, 'symbol' | 'file'> & { readonly interval: string };

/** Candles in one folder, a Parquet file for each symbol and interval: `BTCUSDT_1h.parquet`. */
export interface CandleStore {
  /** By symbol, then interval; and the files among them that cannot be read. */
  list(): Promise<{
    readonly stored: readonly StoredCandles[];
    readonly damaged: readonly DamagedCandles[];
  }>;
  /**
   * Adds the candles of files to what is stored; `everyMs` makes longer bars of them first. Files of one symbol, however
   * spelled, and interval are put together, with each other before they are resampled. Nothing is written if one is
   * refused. Imports take turns.
   *
   * @throws OrreryError what reading and resampling throw, `candles-invalid` where candles contradict stored ones,
   * `candles-unrecognised` where those are damaged, `home-locked` where another import does not end, `database-failed`
   * where the folder cannot be written
   */
  import(options: readonly DataOption[], everyMs: number | null): Promise<readonly ImportedCandles[]>;
  /**
   * Forgets a symbol, as `locate` finds it, at one interval or with null at all. Waits for its turn among imports.
   *
   * @throws OrreryError `file-not-found` with the nearest for what is not stored
   */
  remove(name: string, interval: string | null): Promise<readonly RemovedCandles[]>;
  /**
   * Where the candles of a `--data` are: the file of that name, absolute, else the stored file of that symbol, or of
   * `SYMBOL_INTERVAL`. A path that leads to neither is left to whoever reads it.
   *
   * @throws OrreryError `usage-invalid` for a symbol that is stored at several intervals, `file-not-found` for what looks
   * like a symbol and is not stored
   */
  locate(option: DataOption): DataOption;
}

/** Both absolute: where the store lies, and where relative names begin. */
export function createCandleStore(folder: string, cwd: string): CandleStore {
  return {
    async list() {
      const files = storedNames(folder).map(({ file }) => file);
      if (files.length === 0) return { stored: [], damaged: [] };
      const { readNotes } = await import('./parquet-notes.ts');
      const { noted, damaged } = await readNotes(files);
      return { stored: noted.map(({ file, note }) => describe(file, note)), damaged };
    },
    async import(options, everyMs) {
      const loaded: Batch[] = [];
      for (const option of options) {
        const candles = await loadCandleFile(option);
        loaded.push(batchOf(candles, (await checkCandleFile(option)).problems));
      }
      makeStateFolder(folder);
      return inTurn(join(folder, 'import.lock'), importing, () => keep(folder, loaded, everyMs));
    },
    async remove(name, interval) {
      if (!existsSync(folder)) throw refuseUnknown(name, []);
      return inTurn(join(folder, 'import.lock'), importing, async () => {
        const stored = storedNames(folder);
        const all = foundBy(name, stored);
        if (all.length === 0) throw refuseUnknown(name, spellings(stored));
        const found = all.filter((one) => interval === null || one.interval === interval);
        if (found.length === 0) throw refuseInterval(name, interval, all);
        for (const { file } of found) await rm(file, { force: true });
        return found;
      });
    },
    locate(option) {
      const path = resolve(cwd, option.file);
      if (option.format !== null || existsSync(path)) return { ...option, file: path };
      const stored = storedNames(folder);
      const found = foundBy(option.file, stored);
      const [first, second] = found;
      if (second !== undefined) throw refuseAmbiguous(option.file, found);
      if (first === undefined) {
        if (looksLikeSymbol(option.file)) throw refuseUnknown(option.file, spellings(stored));
        return { ...option, file: path };
      }
      // A symbol may hold a point, which ends the one that a file's name gives.
      const named = option.symbol !== symbolOf(option.file);
      return { symbol: named ? option.symbol : first.symbol, file: first.file, format: 'parquet' };
    },
  };
}

/** Minutes of many years take a while to be merged. */
const importing = { what: 'The folder of candles', holder: 'orrery data import', patienceMs: 60_000 };

/** What an import does in its turn. */
async function keep(
  folder: string,
  loaded: readonly Batch[],
  everyMs: number | null,
): Promise<readonly ImportedCandles[]> {
  const joined = joinBatches(underKnownSymbols(loaded, storedNames(folder)));
  const batches = everyMs === null ? joined : joinBatches(joined.map((batch) => resampled(batch, everyMs)));
  const merged = [];
  for (const batch of batches) merged.push(await withStored(folder, batch));
  await writeAll(
    folder,
    merged.filter(({ added }) => added > 0).map(({ batch }) => batch),
  );
  return merged.map(({ batch, added }) => ({
    ...describe(fileOf(folder, batch.series), noteOf(batch)),
    added,
    problems: batch.problems,
    joints:
      added === 0
        ? []
        : jointHoles(batch.series, batch.instrument.assetClass, batch.edges).map(
            ({ after, until, days }) => ({
              ...{ after: isoTime(after), until: isoTime(until), days },
            }),
          ),
  }));
}

/** Each as its symbol is spelled where it is stored already, else as in the first batch that has it. */
function underKnownSymbols(batches: readonly Batch[], stored: readonly StoredName[]): readonly Batch[] {
  const known = stored.map(({ symbol }) => symbol);
  return batches.map(({ instrument, series, ...rest }) => {
    const symbol = knownSpelling(series.symbol, known);
    known.push(symbol);
    return { instrument: { ...instrument, symbol }, series: { ...series, symbol }, ...rest };
  });
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

function spellings(stored: readonly StoredName[]): readonly string[] {
  return stored.flatMap(({ symbol, interval }) => [symbol, `${symbol}_${interval}`]);
}

function foundBy(name: string, stored: readonly StoredName[]): readonly StoredName[] {
  const asked = knownSpelling(name, spellings(stored));
  return stored.filter(({ symbol, interval }) => asked === symbol || asked === `${symbol}_${interval}`);
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
  const { readNotes } = await import('./parquet-notes.ts');
  const { instrument, series } = await loadCandleFile({ symbol, file, format: 'parquet' }).catch(
    refuseDamaged,
  );
  const { noted } = await readNotes([file]);
  const before = { instrument, series, origins: noted[0]?.note.sources ?? [], edges: [], problems: [] };
  const joined = joinTwo(before, batch);
  const added = joined.series.length - series.length;
  return { batch: added === 0 ? { ...before, problems: batch.problems } : joined, added };
}

const unfinished = '.unfinished';

/**
 * Nothing takes its place before all is written. Whoever reads a file meanwhile has the old one or the new one, never a
 * half; what an import that was killed left is cleared away, as nobody else can be writing.
 */
async function writeAll(folder: string, batches: readonly Batch[]): Promise<void> {
  const { writeParquet } = await import('./write-parquet.ts');
  try {
    await clearUnfinished(folder);
    for (const batch of batches) {
      const aside = `${fileOf(folder, batch.series)}${unfinished}`;
      await writeParquet(aside, batch.series, JSON.stringify(noteOf(batch)));
    }
    for (const { series } of batches) {
      const file = fileOf(folder, series);
      await rename(`${file}${unfinished}`, file);
    }
  } catch (cause) {
    await clearUnfinished(folder).catch(() => undefined);
    throw cause instanceof OrreryError ? cause : stateFolderFailure(folder, 'written', cause);
  }
}

async function clearUnfinished(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(unfinished)) await rm(join(folder, name), { force: true });
  }
}

function describe(file: string, note: CandleNote): StoredCandles {
  const { symbol, intervalMs, rows, from, to, sources } = note;
  const holes = note.holes?.map(({ after, days }) => ({ after: isoTime(after), days })) ?? null;
  const interval = timeframeOf(intervalMs);
  return { symbol, interval, intervalMs, rows, from: isoTime(from), to: isoTime(to), sources, holes, file };
}

function refuseAmbiguous(name: string, found: readonly StoredName[]): OrreryError {
  const intervals = found.map(({ interval }) => interval).join(', ');
  return new OrreryError('usage-invalid', `${name} is stored at several intervals: ${intervals}`, {
    hint: `Name one: ${found.map(({ symbol, interval }) => `${symbol}_${interval}`).join(' or ')}.`,
  });
}

function refuseInterval(name: string, asked: string | null, found: readonly StoredName[]): OrreryError {
  return new OrreryError('file-not-found', `no candles of ${name} are kept at ${asked}`, {
    hint: `It is kept at ${found.map(({ interval }) => interval).join(', ')}.`,
  });
}

/** No file of candles that is named without a path would be called so. */
function looksLikeSymbol(name: string): boolean {
  return /^[^./\\]+(?:\.[A-Za-z]{1,2})?$/.test(name);
}

function refuseUnknown(name: string, known: readonly string[]): OrreryError {
  const near = nearestWord(name, known);
  const message = `there is no file ${name}, and no candles are kept of a symbol of that name`;
  return new OrreryError('file-not-found', message, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}\`orrery data list\` shows what is kept, \`orrery data import FILE\` keeps more; or give the path of a file.`,
  });
}

function refuseDamaged(thrown: unknown): never {
  if (!(thrown instanceof OrreryError) || !thrown.code.startsWith('candles-')) throw thrown;
  throw new OrreryError(thrown.code, thrown.message, { hint: mendDamaged, cause: thrown });
}
