import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionOrder, DecisionRecord } from '../core/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';
import {
  countMovedRows,
  createJournal,
  insertEndedRun,
  insertMovedRows,
  type Journal,
  journalMigrations,
  type MovedRow,
  readMovedRows,
  renameMovedRow,
} from './index.ts';
import { recordsPerBlock } from './packed-details.ts';

const home = mkdtempSync(join(tmpdir(), 'orrery-moved-rows-'));
let database: Database;
let journal: Journal;

beforeAll(async () => {
  database = await openDatabase({ home, url: null, holder: 'test', access: 'own' });
  await migrate(database, journalMigrations);
  journal = createJournal(database);
});

afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

// Pages have 2,000 rows: three records a bar, so that a page ends within a bar, and more blocks than a page has.
test('a run that is moved row by row is the run, whatever it is called', async () => {
  const bars = 2_900;
  await journal.createRun({ run: 'a', desk: 'solar', mode: 'backtest', startedAt: 0, settings: {} });
  const steps = Array.from({ length: bars }, (_, index) => stepOf('a', index + 1));
  await journal.append('a', steps, { at: 1 });
  const end = { status: 'done', finishedAt: 1, hash: 'h', document: { run: 'a' }, failure: null } as const;
  await journal.finishRun('a', end);
  const run = await journal.findRun('a');

  const rows = await all(readMovedRows(database, 'a'));
  const counts = await countMovedRows(database, 'a');
  const blocks = Math.ceil((3 * bars) / recordsPerBlock);
  expect(counts).toEqual({
    ...{ decision: 3 * bars, detail: blocks, order: bars, fill: bars },
    ...{ trade: bars, refusal: 0, equity: bars },
  });
  expect(rows.length).toBe(7 * bars + blocks);

  const rename = (id: string) => id.replace(/^a\./, 'b.');
  await database.transaction(async (session) => {
    const key = await insertEndedRun(session, { ...run, run: 'b' });
    expect(await insertEndedRun(session, run)).toBe(null);
    const renamed = await Promise.all(rows.map((row) => renameMovedRow(row, rename)));
    for (const [table, values] of byTable(renamed)) await insertMovedRows(session, key!, table, values);
  });
  const { run: _, ...content } = run;
  expect(await journal.findRun('b')).toEqual({ ...content, run: 'b' });
  const moved = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('"a.', '"b.'));
  for (const what of ['records', 'orders', 'fills', 'trades', 'equity'] as const) {
    expect(await all<unknown>(journal[what]('b'))).toEqual(moved(await all<unknown>(journal[what]('a'))));
  }
});

function byTable(rows: readonly MovedRow[]): Map<MovedRow['table'], MovedRow['row'][]> {
  const tables = new Map<MovedRow['table'], MovedRow['row'][]>();
  for (const { table, row } of rows) {
    const known = tables.get(table);
    if (known === undefined) tables.set(table, [row]);
    else known.push(row);
  }
  return tables;
}

function stepOf(run: string, number: number): Parameters<Journal['append']>[1][number] {
  const at = number * 3_600_000;
  const id = `${run}.${number}`;
  const order = `${id}.order`;
  const placed: DecisionOrder = {
    ...{ id: order, side: 'BUY', type: 'market', quantity: 1, stop: 1.5 },
    ...{ status: 'approved', reason: null },
  };
  const record: DecisionRecord = {
    ...{ id, number, at, instrument: 'SYN-A', agent: 'chief', kind: 'decision', action: 'BUY' },
    ...{ stance: 'LONG', confidence: 0.5, size: 1, sizePct: 1, stop: 1.5, reasoning: `bar "${number}" \\` },
    ...{ keyFactors: [], missing: [], coverage: 1, inputs: {}, source: 'rules', rung: null },
    evidence: [{ id: 'e1', name: 'close', value: 1 / number, unit: 'USD', eventAt: at, knownAt: at }],
    ...{ fellBack: false, parents: [`${id}.technical`], verdict: null, provider: null, model: null },
    ...{ promptTokens: 0, responseTokens: 0, latencyMs: 0, costUsd: 0, recording: `${id}.chief.0` },
    order: placed,
  };
  const signal: DecisionRecord = { ...record, kind: 'signal', order: null, parents: [], recording: null };
  const trade = {
    instrument: 'SYN-A',
    side: 'LONG',
    quantity: 1,
    openedAt: at,
    closedAt: at,
    entry: 1,
  } as const;
  return {
    records: [
      { ...signal, id: `${id}.technical`, agent: 'technical' },
      { ...signal, id: `${id}.sentiment`, agent: 'sentiment' },
      record,
    ],
    orders: [{ ...placed, limit: null, at, instrument: 'SYN-A', decision: id }],
    fills: [{ order, at, instrument: 'SYN-A', side: 'BUY', quantity: 1, price: 0.1, fee: 0.3 }],
    trades: [{ ...trade, exit: 1, pnl: -0.1, fees: 0.1, returnPct: -1, openedBy: order, closedBy: order }],
    refusals: [],
    equity: { at, equity: 1 / 3, cash: number },
  };
}
