import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import {
  insertEndedRun,
  insertMovedRows,
  type Journal,
  type MovedRow,
  type MovedTable,
  movedTables,
  type RunRecord,
  renameMovedRow,
} from '../journal/index.ts';
import { insertRecordings, type MovedRecording, renameRecording } from '../llm/index.ts';
import type { Session } from '../storage/index.ts';
import { lookFor, type MovedData, type MovePorts, runLines } from './export-run.ts';
import { dataOf, unpackData, withOwnData } from './packed-data.ts';
import { damaged, type RunFile, type RunFileLine, readRunFile } from './run-file.ts';
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
    const taking: Taking = { file, content: { ...content, lines: rowsOf(content, unpacker) }, run };
    try {
      if (held === null) await ports.database.transaction((session) => take(ports, session, taking));
      else await compare(ports, taking, held);
    } catch (thrown) {
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

/** The lines of the database; those of candles go to the unpacker. */
async function* rowsOf(
  { lines }: RunFile,
  unpacker: ReturnType<typeof unpackData>,
): AsyncGenerator<RunFileLine> {
  for await (const line of lines) {
    if (line.key === 'candles') await unpacker.add(line.value);
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
  for await (const { kind, rows, bytes } of batches(renamedLines(taking))) {
    if (kind === 'run') {
      if (key !== null) throw damaged(taking.file, 'it holds two runs');
      key = await insertEndedRun(session, rows[0] as RunRecord);
      if (key === null) throw runExists(taking.run);
    } else if (key === null) throw damaged(taking.file, 'it does not begin with the run');
    else if (kind === 'recording') await insertRecordings(session, rows as readonly MovedRecording[]);
    else await insertMovedRows(session, key, kind as MovedTable, rows as readonly MovedRow['row'][]);
    kept += bytes;
    if (database.kind !== 'embedded' || kept < bytesPerCheckpoint) continue;
    await session.script('checkpoint');
    kept = 0;
  }
  if (key === null) throw damaged(taking.file, 'it holds no run');
}

interface RowBatch {
  readonly kind: string;
  readonly rows: readonly unknown[];
  readonly bytes: number;
}

async function* batches(lines: AsyncIterable<RunFileLine>): AsyncGenerator<RowBatch> {
  let kind = '';
  let rows: unknown[] = [];
  let bytes = 0;
  for await (const { key, value } of lines) {
    if (rows.length > 0 && (key !== kind || rows.length === batchRows || bytes > batchBytes)) {
      yield { kind, rows, bytes };
      rows = [];
      bytes = 0;
    }
    kind = key;
    rows.push(value);
    bytes += JSON.stringify(value).length;
  }
  if (rows.length > 0) yield { kind, rows, bytes };
}

const text = z.string();
const recordShape = z.looseObject({
  ...{ run: text, desk: text, mode: text, status: z.literal('done'), hash: text },
  ...{ startedAt: z.number(), finishedAt: z.number(), bars: z.int().min(0) },
  ...{ settings: z.unknown(), checkpoint: z.unknown(), document: z.unknown(), failure: z.null() },
});
const recordingShape = z.object({
  ...{ id: text, run: text, scope: text, request: text, outcome: text, checksum: text },
});
const rowShape = z.record(text, z.unknown());

/** Everything under the run's new name, and of the shape that the tables take. */
async function* renamedLines({ file, content, run }: Taking): AsyncGenerator<RunFileLine> {
  const from = content.head.run;
  const rename = (id: string) => (id.startsWith(`${from}.`) ? `${run}${id.slice(from.length)}` : id);
  for await (const { key, value } of content.lines) {
    try {
      yield { key, value: await renamed(key, value) };
    } catch (thrown) {
      if (thrown instanceof OrreryError && thrown.code === 'recording-altered') throw thrown;
      throw damaged(file, 'it holds what no run has', thrown);
    }
  }
  async function renamed(key: string, value: unknown): Promise<unknown> {
    if (key === 'run') return renamedRecord(value, content.head, run);
    if (key === 'recording') {
      const recording = recordingShape.parse(value);
      if (recording.run !== from) throw new RangeError(`recording ${recording.id} is of another run`);
      return renameRecording(recording, run);
    }
    const table = movedTables.find((one) => one === key);
    if (table === undefined) throw new RangeError(`rows of "${key}" are not known`);
    const moved = { table, row: rowShape.parse(value) };
    return run === from ? moved.row : (await renameMovedRow(moved, rename)).row;
  }
}

function renamedRecord(value: unknown, head: RunFile['head'], run: string): unknown {
  recordShape.parse(value);
  // As it came: what is parsed has its keys in another order, and would not compare equal.
  const record = value as z.infer<typeof recordShape>;
  const document = storedDocument(run, record.document);
  storedSettings(run, record.settings);
  if (record.run !== head.run || record.hash !== head.hash || document.hash !== head.hash) {
    throw new RangeError('its first line speaks of another run');
  }
  if (run === head.run) return record;
  const checkpoint = renamedIds(record.checkpoint, head.run, run);
  return { ...record, run, checkpoint, document: { ...document, run } };
}

/** A checkpoint names orders and records in many places, and holds no text in which such a name might stand. */
function renamedIds(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') {
    const isId = value.startsWith(`${from}.`) && /^\.\d+(\.[^\s.]+)*$/.test(value.slice(from.length));
    return isId ? `${to}${value.slice(from.length)}` : value;
  }
  if (Array.isArray(value)) return value.map((item) => renamedIds(item, from, to));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamedIds(inner, from, to)]));
}
