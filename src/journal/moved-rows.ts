import type { Session } from '../storage/index.ts';
import { decisionTable } from './decision-store.ts';
import { insertRows, type WrittenTable } from './insert-rows.ts';
import type { RunRecord } from './journal.ts';
import { renameDetails } from './packed-details.ts';
import { readRunKey } from './run-store.ts';
import { equityTable, fillTable, orderTable, refusalTable, tradeTable } from './trading-store.ts';

// The rows of a run on their way to another database, as they lie in the tables: their ids are without the run.

interface MovedLayout extends WrittenTable {
  /** What they are read by, page after page: unique within a run, but for decisions. */
  readonly by: string;
  readonly type: 'int4' | 'float8' | 'text';
}

export const layouts = {
  decision: { ...decisionTable, by: 'number', type: 'int4' },
  detail: { table: 'orrery_decision_detail', columns: 'block int4, packed bytea', by: 'block', type: 'int4' },
  order: { ...orderTable, by: 'sequence', type: 'int4' },
  fill: { ...fillTable, by: 'sequence', type: 'int4' },
  trade: { ...tradeTable, by: 'sequence', type: 'int4' },
  refusal: { ...refusalTable, by: 'order_id collate "C"', type: 'text' },
  equity: { ...equityTable, by: 'at', type: 'float8' },
} as const satisfies Record<string, MovedLayout>;

export type MovedTable = keyof typeof layouts;

/** In the order they are read. */
export const movedTables = Object.keys(layouts) as readonly MovedTable[];

/** Keyed by column; `packed` of a detail is base64. */
export interface MovedRow {
  readonly table: MovedTable;
  readonly row: { readonly [column: string]: unknown };
}

const barsPerPage = 400;
const rowsPerPage = 2_000;
/** A block holds hundreds of records. */
const blocksPerPage = 20;

/** All rows of a run but its own, always in the same order. */
export async function* readMovedRows(session: Session, run: string): AsyncGenerator<MovedRow> {
  const found = await readRunKey(session, run);
  if (found === null) return;
  for (const table of movedTables) {
    const layout = layouts[table];
    const names = namesOf(layout.columns);
    const pages =
      table === 'decision' ? decisionPages(session, found.key) : pagesOf(session, found.key, layout);
    for await (const page of pages) {
      for (const row of page) {
        yield { table, row: Object.fromEntries(names.map((name) => [name, written(row[name])])) };
      }
    }
  }
}

type Page = readonly { readonly [column: string]: unknown }[];

async function* pagesOf(
  session: Session,
  key: number,
  { table, columns, by, type }: MovedLayout,
): AsyncGenerator<Page> {
  const limit = table === layouts.detail.table ? blocksPerPage : rowsPerPage;
  const sql = `select ${namesOf(columns).join(', ')}, ${by} as place from ${table}
    where run = $1 and ${by} > $2::${type} order by ${by} limit ${limit}`;
  let last: unknown = type === 'text' ? '' : type === 'int4' ? -1 : Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await session.query<Page[number]>(sql, [key, last]);
    yield page;
    if (page.length < limit) return;
    last = page.at(-1)?.['place'];
  }
}

/** Several share a number, and the index has them in another order on each database: stretches of numbers are sorted alone. */
async function* decisionPages(session: Session, key: number): AsyncGenerator<Page> {
  const [end] = await session.query<{ number: number }>(
    'select coalesce(max(number), 0) as number from orrery_decision where run = $1',
    [key],
  );
  const sql = `select ${namesOf(layouts.decision.columns).join(', ')} from orrery_decision
    where run = $1 and number > $2::int4 and number <= $3::int4 order by number, suffix collate "C"`;
  for (let start = -1; start < (end?.number ?? 0); start += barsPerPage) {
    yield await session.query<Page[number]>(sql, [key, start, start + barsPerPage]);
  }
}

function written(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}

export async function countMovedRows(
  session: Session,
  run: string,
): Promise<{ readonly [table in MovedTable]: number }> {
  const counts = movedTables.map(
    (table) => `(select count(*) from ${layouts[table].table} where run = r.key)::int4 as "${table}"`,
  );
  const [row] = await session.query<{ readonly [table in MovedTable]: number }>(
    `select ${counts.join(', ')} from orrery_run r where r.run = $1`,
    [run],
  );
  if (row === undefined) throw new RangeError(`there is no run ${run}`);
  return row;
}

/**
 * Adds a run that has ended elsewhere, as part of the caller's transaction.
 * @returns its number in the other tables; null when there is a run of that name
 */
export async function insertEndedRun(session: Session, run: RunRecord): Promise<number | null> {
  if (run.status !== 'done') throw new RangeError(`run ${run.run} has not ended`);
  const [created] = await session.query<{ key: number }>(
    `insert into orrery_run (run, desk, mode, status, started_at, finished_at, bars, hash, owner, settings, document)
     values ($1, $2, $3, 'done', $4, $5, $6, $7, 'another database', $8, $9) on conflict (run) do nothing returning key`,
    [
      ...[run.run, run.desk, run.mode, run.startedAt, run.finishedAt, run.bars, run.hash],
      ...[JSON.stringify(run.settings), JSON.stringify(run.document)],
    ],
  );
  if (created === undefined) return null;
  if (run.checkpoint !== null) {
    await session.query('insert into orrery_checkpoint (run, checkpoint) values ($1, $2)', [
      created.key,
      JSON.stringify(run.checkpoint),
    ]);
  }
  return created.key;
}

/** Rows of one table, in the order they were read. */
export async function insertMovedRows(
  session: Session,
  key: number,
  table: MovedTable,
  rows: readonly MovedRow['row'][],
): Promise<void> {
  if (table !== 'detail') return insertRows(session, layouts[table], key, rows);
  for (const { block, packed } of rows) {
    await session.query('insert into orrery_decision_detail (run, block, packed) values ($1, $2, $3)', [
      key,
      block,
      Buffer.from(String(packed), 'base64'),
    ]);
  }
}

/** Only details hold ids with their run. Rejects for a block that cannot be unpacked. */
export async function renameMovedRow(
  { table, row }: MovedRow,
  rename: (id: string) => string,
): Promise<MovedRow> {
  if (table !== 'detail') return { table, row };
  const packed = await renameDetails(Buffer.from(String(row['packed']), 'base64'), rename);
  return { table, row: { ...row, packed: packed.toString('base64') } };
}

function namesOf(columns: string): readonly string[] {
  return columns.split(',').map((column) => column.trim().split(' ')[0]!);
}
