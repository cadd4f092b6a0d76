import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { OrreryError } from '../core/index.ts';
import { countMovedRows, type Journal, type RunRecord, readMovedRows } from '../journal/index.ts';
import { countRecordings, readRecordings } from '../llm/index.ts';
import type { Database } from '../storage/index.ts';
import { dataOf, describeData, packData, type RunData, withOwnData } from './packed-data.ts';
import { type RunFileLine, writeRunFile } from './run-file.ts';
import { storedDocument, storedSettings } from './stored-run.ts';

/** Where runs are moved to and from. */
export interface MovePorts {
  readonly journal: Journal;
  readonly database: Pick<Database, 'kind' | 'query' | 'script' | 'transaction'>;
  /** Of the program. */
  readonly version: string;
  /** Where candles lie that came with a run. */
  dataFolder(run: string): string;
}

/** A run's file of candles, and whether it is where a replay looks for it. */
export interface MovedData extends RunData {
  readonly here: boolean;
}

export interface ExportedRun {
  readonly run: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** What its last line says: of all lines before it. */
  readonly sha256: string;
  /** How many there are of each kind. */
  readonly rows: { readonly [kind: string]: number };
  /** What a replay needs beside it, unless it is packed in it. */
  readonly data: readonly MovedData[];
  readonly withData: boolean;
  /** The run whose recordings this one was answered from; it has none of its own. */
  readonly replayOf: string | null;
}

/** `file` is absolute and must not be there yet. */
export interface ExportRequest {
  readonly run: string;
  readonly file: string;
  readonly withData: boolean;
}

/**
 * Writes all that is kept of a run that is done into one file, in flat memory.
 * @throws OrreryError `run-not-found`; `run-failed` for one that is not done; `usage-invalid` for a file that is there or cannot be
 * written; `recording-altered`; with data `file-not-found` and `data-changed`
 */
export async function exportRun(ports: MovePorts, request: ExportRequest): Promise<ExportedRun> {
  const { run, file, withData } = request;
  const { journal, database, version } = ports;
  const record = await journal.findRun(run);
  const { hash } = endOf(record);
  if (existsSync(file)) {
    throw new OrreryError('usage-invalid', `${file} is there already`, {
      hint: 'Remove it, or name another file.',
    });
  }
  const settings = withOwnData(storedSettings(run, record.settings), ports.dataFolder(run));
  const data = dataOf(settings);
  const rows = {
    run: 1,
    ...(await countMovedRows(database, run)),
    recording: await countRecordings(database, run),
  };
  const packed = withData ? await describeData(data) : [];
  const lines = async function* () {
    yield* runLines(ports, record);
    if (withData) yield* packData(data);
  };
  const head = { version, run, desk: record.desk, hash, rows, data: packed };
  const sha256 = await writeRunFile(file, head, lines());
  const { size: bytes } = await stat(file);
  return { run, file, bytes, sha256, rows, data: lookFor(data), withData, replayOf: settings.replayOf };
}

/** All rows of a run, its own first, always in the same order. */
export async function* runLines(
  { database }: Pick<MovePorts, 'database'>,
  record: RunRecord,
): AsyncGenerator<RunFileLine> {
  yield { key: 'run', value: record };
  for await (const { table, row } of readMovedRows(database, record.run)) yield { key: table, value: row };
  for await (const value of readRecordings(database, record.run)) yield { key: 'recording', value };
}

export function lookFor(data: readonly RunData[]): readonly MovedData[] {
  return data.map((one) => ({ ...one, here: existsSync(one.file) }));
}

/** @throws OrreryError `run-failed` */
function endOf({ run, status, document, hash }: RunRecord): { readonly hash: string } {
  if (status !== 'done' || hash === null) {
    throw new OrreryError('run-failed', `run ${run} is not done, so there is nothing sealed to export`, {
      hint: `Finish it first: orrery run --resume ${run}`,
    });
  }
  storedDocument(run, document);
  return { hash };
}
