import type { DecisionRecord } from '../core/index.ts';
import type { Database, Session } from '../storage/index.ts';
import { alteredRows, type ColumnWords, checkRow } from './altered-rows.ts';
import { insertRows, type WrittenTable } from './insert-rows.ts';
import type { JournalRecord, RecordFilter } from './journal.ts';
import { readOutcomes } from './outcomes.ts';
import {
  packDetails,
  type RecordDetail,
  recordsPerBlock,
  type UnpackedDetail,
  unpackDetails,
} from './packed-details.ts';
import type { RunKey } from './run-store.ts';
import { storableText } from './storable-text.ts';
import { fullId, storedId } from './stored-id.ts';

export const decisionTable: WrittenTable = {
  table: 'orrery_decision',
  columns: `number int4, block int4, position int4, at float8, confidence float8, size float8, stop float8, suffix text,
    instrument text, agent text, kind text, action text, stance text, source text, reasoning text`,
};

type DecisionRow = Omit<DecisionRecord, 'id' | keyof RecordDetail> & {
  /** What follows `RUN.NUMBER.` in the id; empty for a decision. */
  readonly suffix: string;
  readonly block: number;
  readonly position: number;
};

export const decisionWords: ColumnWords<DecisionRow> = {
  kind: { signal: true, proposal: true, verdict: true, decision: true },
  action: { BUY: true, SELL: true, HOLD: true, CLOSE: true },
  stance: { LONG: true, SHORT: true, FLAT: true },
  source: { llm: true, cache: true, council: true, model: true, rules: true, hold: true },
};

/** Records ready to be written: the packing is done, the block's number is not known yet. */
export interface PackedRecords {
  readonly records: readonly DecisionRecord[];
  readonly details: Buffer;
}

export function packRecords(records: readonly DecisionRecord[]): Promise<readonly PackedRecords[]> {
  const blocks: Promise<PackedRecords>[] = [];
  for (let start = 0; start < records.length; start += recordsPerBlock) {
    const part = records.slice(start, start + recordsPerBlock);
    blocks.push(packDetails(part).then((details) => ({ records: part, details })));
  }
  return Promise.all(blocks);
}

export async function insertRecords(
  session: Session,
  run: RunKey,
  blocks: readonly PackedRecords[],
): Promise<void> {
  const [last] = await session.query<{ block: number }>(
    'select coalesce(max(block), 0) as block from orrery_decision_detail where run = $1',
    [run.key],
  );
  let block = last?.block ?? 0;
  for (const { records, details } of blocks) {
    block += 1;
    const rows = records.map((record, position) => rowOf(run, record, block, position));
    await insertRows(session, decisionTable, run.key, rows);
    await session.query('insert into orrery_decision_detail (run, block, packed) values ($1, $2, $3)', [
      run.key,
      block,
      details,
    ]);
  }
}

function rowOf(run: RunKey, record: DecisionRecord, block: number, position: number): DecisionRow {
  const { number, at, instrument, agent, kind, action, stance, confidence, size, stop, source } = record;
  const suffix = storedId(run.name, record.id).slice(String(number).length + 1);
  if (recordId(run, { number, suffix }) !== record.id) {
    throw new RangeError(`record ${record.id} does not have number ${number}`);
  }
  const reasoning = storableText(record.reasoning);
  return {
    number,
    block,
    position,
    at,
    confidence,
    size,
    stop,
    suffix,
    instrument,
    agent,
    kind,
    action,
    stance,
    source,
    reasoning,
  };
}

function recordId(
  run: RunKey,
  { number, suffix }: { readonly number: number; readonly suffix: string },
): string {
  return fullId(run.name, suffix === '' ? String(number) : `${number}.${suffix}`);
}

/** How many instants' worth of rows are in memory at a time, in bars. */
const barsPerPage = 400;

/** Numbers grow with time, so the pages follow them; only an instant cut in two waits for the next page. */
export async function* readRecords(
  database: Database,
  run: RunKey,
  filter: RecordFilter,
): AsyncGenerator<JournalRecord> {
  const [last] = await database.query<{ number: number }>(
    'select coalesce(max(number), 0) as number from orrery_decision where run = $1',
    [run.key],
  );
  let waiting: readonly DecisionRow[] = [];
  for (let start = 0; start < (last?.number ?? 0); start += barsPerPage) {
    const rows = [...waiting, ...(await readRows(database, run, filter, start))];
    const cut = rows.at(-1)?.at;
    const isLastPage = start + barsPerPage >= (last?.number ?? 0);
    waiting = isLastPage ? [] : rows.filter((row) => row.at === cut);
    const whole = isLastPage ? rows : rows.filter((row) => row.at !== cut);
    yield* await completeRows(database, run, whole);
  }
}

/** Null when there is no such record. */
export async function readRecord(database: Database, run: RunKey, id: string): Promise<JournalRecord | null> {
  const [number, ...suffix] = storedId(run.name, id).split('.');
  if (!/^\d{1,9}$/.test(number ?? '')) return null;
  const rows = await database.query<DecisionRow>(
    'select * from orrery_decision where run = $1 and number = $2::int4 and suffix = $3',
    [run.key, Number(number), suffix.join('.')],
  );
  const [record] = await completeRows(database, run, checkRows(run, rows));
  return record ?? null;
}

async function readRows(
  database: Database,
  run: RunKey,
  filter: RecordFilter,
  start: number,
): Promise<readonly DecisionRow[]> {
  const rows = await database.query<DecisionRow>(
    `select * from orrery_decision
     where run = $1 and number > $2::int4 and number <= $3::int4
       and kind = coalesce($4, kind) and agent = coalesce($5, agent) and instrument = coalesce($6, instrument)
     order by number`,
    [
      run.key,
      start,
      start + barsPerPage,
      filter.kind ?? null,
      filter.agent ?? null,
      filter.instrument ?? null,
    ],
  );
  return checkRows(run, rows);
}

function checkRows(run: RunKey, rows: readonly DecisionRow[]): readonly DecisionRow[] {
  for (const row of rows) checkRow(row, decisionWords, () => `record ${recordId(run, row)}`);
  return rows;
}

async function completeRows(
  database: Database,
  run: RunKey,
  rows: readonly DecisionRow[],
): Promise<readonly JournalRecord[]> {
  const blocks = await readBlocks(database, run, new Set(rows.map((row) => row.block)));
  const parts = rows.map((row) => {
    const unpacked = blocks.get(row.block)?.[row.position];
    if (unpacked === undefined) throw alteredRows(`record ${recordId(run, row)}`);
    return { row, ...unpacked };
  });
  const orders = parts.flatMap(({ detail }) => detail.order ?? []);
  const outcomes = await readOutcomes(database, run, orders);
  const records = parts.map(({ row, detail, evidence }) => {
    const outcome = detail.order === null ? null : (outcomes.get(detail.order.id) ?? null);
    return recordOf({ id: recordId(run, row), row, detail, evidence: evidence(row.at), outcome });
  });
  return records.sort(byInstantAndName);
}

/** A block that cannot be unpacked is left out. */
async function readBlocks(
  database: Database,
  run: RunKey,
  blocks: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly UnpackedDetail[]>> {
  if (blocks.size === 0) return new Map();
  const rows = await database.query<{ block: number; packed: Buffer }>(
    'select block, packed from orrery_decision_detail where run = $1 and block = any ($2::int4[])',
    [run.key, [...blocks]],
  );
  return new Map(
    await Promise.all(
      rows.map(async ({ block, packed }) => [block, await unpackDetails(packed).catch(() => [])] as const),
    ),
  );
}

interface RecordParts extends Pick<JournalRecord, 'id' | 'evidence' | 'outcome'> {
  readonly row: DecisionRow;
  readonly detail: UnpackedDetail['detail'];
}

/** Written out, because copying thirty fields from object to object is slow and this runs for every record. */
function recordOf({ id, row, detail, evidence, outcome }: RecordParts): JournalRecord {
  return {
    id,
    number: row.number,
    at: row.at,
    instrument: row.instrument,
    agent: row.agent,
    kind: row.kind,
    action: row.action,
    stance: row.stance,
    confidence: row.confidence,
    size: row.size,
    sizePct: detail.sizePct,
    stop: row.stop,
    reasoning: row.reasoning,
    keyFactors: detail.keyFactors,
    evidence,
    missing: detail.missing,
    coverage: detail.coverage,
    inputs: detail.inputs,
    source: row.source,
    rung: detail.rung,
    fellBack: detail.fellBack,
    parents: detail.parents,
    verdict: detail.verdict,
    order: detail.order,
    provider: detail.provider,
    model: detail.model,
    promptTokens: detail.promptTokens,
    responseTokens: detail.responseTokens,
    latencyMs: detail.latencyMs,
    costUsd: detail.costUsd,
    recording: detail.recording,
    outcome,
  };
}

function byInstantAndName(a: DecisionRecord, b: DecisionRecord): number {
  return (
    a.at - b.at ||
    compare(a.instrument, b.instrument) ||
    compare(a.kind, b.kind) ||
    compare(a.agent, b.agent) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
