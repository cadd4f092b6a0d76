import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { OrreryError } from '../core/index.ts';
import {
  insertEndedRun,
  insertMovedRows,
  type Journal,
  type MovedRow,
  type MovedTable,
  type RunRecord,
  renameMovedRow,
} from '../journal/index.ts';
import { insertRecordings, type MovedRecording, renameRecording } from '../llm/index.ts';
import type { Session } from '../storage/index.ts';
import { checkedLines, naming } from './check-run-file.ts';
import { lookFor, type MovedData, type MovePorts, runLines } from './export-run.ts';
import { dataOf, unpackData, withOwnData } from './packed-data.ts';
import { damagedLine, type NumberedLine, type RunFile, type RunFileLine, readRunFile } from './run-file.ts';
import { storedDocument, storedSettings } from './stored-run.ts';

export interface ImportedRun {
  readonly run: string;
  /** What it is called in the file. */
  readonly from: string;
  readonly desk: string;
  readonly hash: string;
  /** `present`: the same run was here already, row for row. */
  readonly status: 'imported' | 'present';
  readonly rows: { readonly [kind: string]: number };
  /** What a replay needs. */
  readonly data: readonly MovedData[];
  readonly replayOf: string | null;
}

/** `file` is absolute; `as` another name for the run, or null. */
export interface ImportRequest {
  readonly file: string;
  readonly as: string | null;
}

/**
 * Takes up the run of a file that {@link checkRunFile} has found whole, all of it or nothing, in flat memory.
 * @throws OrreryError `run-exists` for another run of that name; `recording-altered`; `run-file-invalid`
 */
export async function importRun(ports: MovePorts, { file, as }: ImportRequest): Promise<ImportedRun> {
  return readRunFile(file, async (content) => {
    const { head } = content;
    const run = as ?? head.run;
    const held = await findHeld(ports.journal, run);
    const unpacker = unpackData(file, head, ports.dataFolder(run));
    const taking: Taking = { file, content: { ...content, lines: rowsOf(file, content, unpacker) }, run };
    try {
      if (held === null) await ports.database.transaction((session) => take(ports, session, taking));
      else await compare(ports, taking, held);
    } catch (thrown) {
      await unpacker.abandon();
      if (held === null) await rm(ports.dataFolder(run), { recursive: true, force: true });
      throw thrown;
    }
    const { settings } = await ports.journal.findRun(run);
    const own = withOwnData(storedSettings(run, settings), ports.dataFolder(run));
    return {
      ...{ run, from: head.run, desk: head.desk, hash: head.hash },
      status: held === null ? 'imported' : 'present',
      rows: head.rows,
      data: lookFor(dataOf(own)),
      replayOf: own.replayOf,
    };
  });
}

interface Taking {
  readonly file: string;
  readonly content: RunFile;
  /** What it shall be called. */
  readonly run: string;
}

/** The lines of the database, looked at; those of candles go to the unpacker. */
async function* rowsOf(
  file: string,
  content: RunFile,
  unpacker: ReturnType<typeof unpackData>,
): AsyncGenerator<NumberedLine> {
  for await (const line of checkedLines(file, content)) {
    if (line.key === 'candles') await naming(file, line.number, unpacker.add(line.value));
    else yield line;
  }
  await unpacker.close();
}

async function findHeld(journal: Journal, run: string): Promise<RunRecord | null> {
  try {
    return await journal.findRun(run);
  } catch (thrown) {
    if (thrown instanceof OrreryError && thrown.code === 'run-not-found') return null;
    throw thrown;
  }
}

/** @throws OrreryError `run-exists` unless every row is the same */
async function compare(ports: MovePorts, taking: Taking, held: RunRecord): Promise<void> {
  const wanted = await digestOf(renamedLines(taking));
  if (held.status === 'done' && wanted === (await digestOf(runLines(ports, held)))) return;
  throw runExists(held.run);
}

async function digestOf(lines: AsyncIterable<RunFileLine>): Promise<string> {
  const sum = createHash('sha256');
  for await (const { key, value } of lines) sum.update(`${JSON.stringify([key, value])}\n`);
  return sum.digest('hex');
}

function runExists(run: string): OrreryError {
  return new OrreryError('run-exists', `There is another run "${run}" already`, {
    hint: 'Give the one in the file another name: --as RUN',
  });
}

/** What one statement inserts at most; a row may be long. */
const batchRows = 500;
const batchBytes = 4 * 1024 * 1024;
/** The embedded database clears its log only when it is told to. */
const bytesPerCheckpoint = 32 * 1024 * 1024;

async function take({ database }: MovePorts, session: Session, taking: Taking): Promise<void> {
  let key: number | null = null;
  let kept = 0;
  for await (const batch of batches(renamedLines(taking))) {
    const { kind, rows, bytes } = batch;
    try {
      if (kind === 'run') {
        key = await insertEndedRun(session, rows[0] as RunRecord);
        if (key === null) throw runExists(taking.run);
      } else if (kind === 'recording') await insertRecordings(session, rows as readonly MovedRecording[]);
      else await insertMovedRows(session, key!, kind as MovedTable, rows as readonly MovedRow['row'][]);
    } catch (thrown) {
      if (!isFaultOfRows(thrown)) throw thrown;
      throw damagedLine(taking.file, batch.first, 'it, or one of those after it, fits no table', thrown);
    }
    kept += bytes;
    if (database.kind !== 'embedded' || kept < bytesPerCheckpoint) continue;
    await session.script('checkpoint');
    kept = 0;
  }
}

/** By its SQLSTATE: data exceptions, broken constraints and limits, as opposed to a disk that is full. */
function isFaultOfRows(thrown: unknown): boolean {
  const cause: unknown = thrown instanceof OrreryError ? thrown.cause : null;
  const state = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /^(22|23|54)...$/.test(state);
}

interface RowBatch {
  readonly kind: string;
  /** The line of the first. */
  readonly first: number;
  readonly rows: readonly unknown[];
  readonly bytes: number;
}

async function* batches(lines: AsyncIterable<NumberedLine>): AsyncGenerator<RowBatch> {
  let kind = '';
  let first = 0;
  let rows: unknown[] = [];
  let bytes = 0;
  for await (const { key, value, number } of lines) {
    if (rows.length > 0 && (key !== kind || rows.length === batchRows || bytes > batchBytes)) {
      yield { kind, first, rows, bytes };
      rows = [];
      bytes = 0;
    }
    if (rows.length === 0) first = number;
    kind = key;
    rows.push(value);
    bytes += JSON.stringify(value).length;
  }
  if (rows.length > 0) yield { kind, first, rows, bytes };
}

/** Everything under the run's new name. */
async function* renamedLines({ content, run }: Taking): AsyncGenerator<NumberedLine> {
  const from = content.head.run;
  const rename = (id: string) => (id.startsWith(`${from}.`) ? `${run}${id.slice(from.length)}` : id);
  for await (const line of content.lines) {
    yield run === from ? line : { ...line, value: await renamed(line) };
  }
  async function renamed({ key, value }: RunFileLine): Promise<unknown> {
    if (key === 'run') return renamedRecord(value as RunRecord, run);
    if (key === 'recording') return renameRecording(value as MovedRecording, run);
    const moved = { table: key as MovedTable, row: value as MovedRow['row'] };
    return (await renameMovedRow(moved, rename)).row;
  }
}

function renamedRecord(record: RunRecord, run: string): RunRecord {
  const checkpoint = renamedCheckpoint(record.checkpoint, record.run, run);
  return { ...record, run, checkpoint, document: { ...storedDocument(run, record.document), run } };
}

/** It names orders and records in many places, and holds no text in which such a name might stand, but the names of models. */
function renamedCheckpoint(checkpoint: unknown, from: string, to: string): unknown {
  const renamed = renamedIds(checkpoint, from, to);
  const { calls }: { readonly calls?: unknown } = checkpoint ?? {};
  return calls === undefined ? renamed : { ...(renamed as object), calls };
}

function renamedIds(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') {
    const isId = value.startsWith(`${from}.`) && /^\.\d+(\.[^\s.]+)*$/.test(value.slice(from.length));
    return isId ? `${to}${value.slice(from.length)}` : value;
  }
  if (Array.isArray(value)) return value.map((item) => renamedIds(item, from, to));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamedIds(inner, from, to)]));
}
