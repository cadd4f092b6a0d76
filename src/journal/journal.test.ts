import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createRandom,
  type DecisionOrder,
  type DecisionRecord,
  type Evidence,
  type Fill,
  type JsonValue,
  type OrderRecord,
  type RecordKind,
  type Trade,
} from '../core/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';
import { createJournal, createRunHash, type Journal, type JournalStep, journalMigrations } from './index.ts';

const serverUrl = process.env['ORRERY_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const schema = `orrery_journal_test_${process.pid}`;
const administrator = new pg.Client({ connectionString: serverUrl });
const serverAnswers = await administrator.connect().then(
  () => true,
  () => false,
);
if (!serverAnswers) {
  if (process.env['ORRERY_TEST_REQUIRE'] === 'all') throw new Error(`no PostgreSQL answers at ${serverUrl}`);
  console.log(`skipped: the journal on a PostgreSQL server, none answers at ${serverUrl}`);
}

const hour = 3_600_000;
const start = Date.UTC(2022, 0, 1);

/** A plain decision of bar `number`; `id` follows `RUN.NUMBER`. */
function recordOf(run: string, number: number, change: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    ...{ id: `${run}.${number}`, number, at: start + number * hour, instrument: 'SYN-A', agent: 'chief' },
    ...{
      kind: 'decision',
      action: 'HOLD',
      stance: 'FLAT',
      confidence: 0.5,
      size: null,
      sizePct: null,
      stop: null,
    },
    ...{ reasoning: 'Nothing to do.', keyFactors: [], evidence: [], missing: [], coverage: 1, inputs: {} },
    ...{ source: 'rules', rung: 'rules', fellBack: false, parents: [], verdict: null, order: null },
    ...{
      provider: null,
      model: null,
      promptTokens: 0,
      responseTokens: 0,
      latencyMs: 0,
      costUsd: 0,
      recording: null,
    },
    ...change,
  };
}

const emptyStep: JournalStep = { records: [], orders: [], fills: [], trades: [], refusals: [], equity: null };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const home = mkdtempSync(join(tmpdir(), 'orrery-journal-'));
const open = {
  embedded: () => openDatabase({ home, url: null, holder: 'test', access: 'own' }),
  server: () => {
    const url = `${serverUrl}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
    return openDatabase({ home, url, holder: 'test', access: 'own' });
  },
};

beforeAll(async () => {
  if (serverAnswers) await administrator.query(`create schema ${schema}`);
});
afterAll(async () => {
  if (serverAnswers) {
    await administrator.query(`drop schema ${schema} cascade`);
    await administrator.end();
  }
  rmSync(home, { recursive: true, force: true });
});

describe.each(serverAnswers ? (['embedded', 'server'] as const) : (['embedded'] as const))(
  'the journal on a database of kind %s',
  (kind) => {
    let database: Database;
    let journal: Journal;
    let runs = 0;
    beforeAll(async () => {
      database = await open[kind]();
      await migrate(database, journalMigrations);
      journal = createJournal(database);
    });
    afterAll(() => database.close());

    async function newRun(settings: JsonValue = {}): Promise<string> {
      runs += 1;
      const run = `r_${kind}_${runs}`;
      await journal.createRun({ run, desk: 'solar', mode: 'backtest', startedAt: start, settings });
      return run;
    }

    /** Changes rows of one run behind the journal's back; `statement` ends where the run's key is compared. */
    async function alter(run: string, statement: string): Promise<void> {
      await database.query(`${statement} = (select key from orrery_run where run = $1)`, [run]);
    }

    const alteredError = (what: string) => {
      return { code: 'database-failed', retryable: false, message: `${what} is not what was stored` };
    };

    describe('runs', () => {
      test('begin, advance, end and are listed', async () => {
        const settings = { seed: 7, prompts: { chief: 'Line\n"quoted" \u0000 🪐 \ud800' }, b: 1, a: null };
        const run = await newRun(settings);
        const summary = { run, desk: 'solar', mode: 'backtest', startedAt: start };
        const running = { ...summary, status: 'running', finishedAt: null, bars: 0, hash: null };
        expect(await journal.findRun(run)).toEqual({
          ...{ ...running, settings, checkpoint: null, document: null, failure: null },
        });
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1), recordOf(run, 2)] }], {
          step: 1,
        });
        await journal.append(run, [], { step: 2, deep: [1, 'two'] });
        expect(await journal.findRun(run)).toMatchObject({
          bars: 2,
          checkpoint: { step: 2, deep: [1, 'two'] },
        });
        const end = {
          status: 'done',
          finishedAt: start + 1,
          hash: 'abc',
          document: { bars: 2 },
          failure: null,
        } as const;
        await journal.finishRun(run, end);
        const done = { ...summary, status: 'done', finishedAt: start + 1, bars: 2, hash: 'abc' };
        expect(await journal.findRun(run)).toMatchObject({ ...done, document: { bars: 2 } });
        expect((await journal.listRuns()).runs).toContainEqual(done);
      });

      test('have names of their own', async () => {
        const run = await newRun();
        const again = journal.createRun({ run, desk: 'x', mode: 'backtest', startedAt: start, settings: {} });
        await expect(again).rejects.toMatchObject({ code: 'run-exists' });
        await journal.finishRun(run, {
          status: 'failed',
          finishedAt: 1,
          hash: null,
          document: null,
          failure: 'x',
        });
        const later = journal.createRun({ run, desk: 'x', mode: 'backtest', startedAt: start, settings: {} });
        await expect(later).rejects.toMatchObject({ code: 'run-exists' });
      });

      test('that are unknown are said to be so', async () => {
        await expect(journal.findRun('r_none')).rejects.toMatchObject({ code: 'run-not-found' });
        await expect(journal.claimRun('r_none')).rejects.toMatchObject({ code: 'run-not-found' });
        await expect(journal.findRecord('r_none.1')).rejects.toMatchObject({
          code: 'record-not-found',
          hint: expect.stringContaining('orrery runs list'),
        });
        expect(await all(journal.records('r_none'))).toEqual([]);
        expect(await all(journal.equity('r_none'))).toEqual([]);
      });

      test.each([`started_at = 1e300`, `finished_at = 'NaN'`, `status = 'lost'`])(
        'are named when their rows were changed: %s',
        async (change) => {
          const run = await newRun();
          await alter(run, `update orrery_run set ${change} where key`);
          try {
            const named = alteredError(`run ${run}`);
            await expect(journal.findRun(run)).rejects.toMatchObject(named);
            const { runs: others, damaged } = await journal.listRuns();
            expect(damaged).toMatchObject([named]);
            expect(others.length).toBeGreaterThan(0);
            expect(others.map((other) => other.run)).not.toContain(run);
          } finally {
            await alter(run, 'delete from orrery_run where key');
          }
        },
      );

      test.each([
        ['1.order', 'orrery decisions show RUN.1 · what became of it: orrery orders list --run RUN'],
        [
          '1.tecnical',
          'orrery decisions show RUN.1.technical (of that bar there are RUN.1, RUN.1.technical)',
        ],
        ['1.nobody', 'orrery decisions show RUN.1 (of'],
        ['9', 'orrery decisions list --run RUN'],
      ])('say what there is in place of %s', async (id, hint) => {
        const run = await newRun();
        const signal = recordOf(run, 1, { id: `${run}.1.technical`, kind: 'signal', agent: 'technical' });
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1), signal] }], null);
        await expect(journal.findRecord(`${run}.${id}`)).rejects.toMatchObject({
          code: 'record-not-found',
          hint: expect.stringContaining(hint.replaceAll('RUN', run)),
        });
      });

      test('left by their process are interrupted, and can be claimed once', async () => {
        const run = await newRun();
        await database.unlock(`run ${run}`);
        expect(await journal.findRun(run)).toMatchObject({ status: 'interrupted' });
        await journal.claimRun(run);
        expect(await journal.findRun(run)).toMatchObject({ status: 'running' });
        await expect(journal.claimRun(run)).rejects.toMatchObject({
          code: 'run-alive',
          message: expect.stringContaining(`process ${process.pid}`),
        });
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1)] }], {});
      });

      test('taken over by another process take no more from the first', async () => {
        const run = await newRun();
        await database.query('update orrery_run set claims = claims + 1 where run = $1', [run]);
        const late = journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1)] }], {});
        await expect(late).rejects.toMatchObject({ code: 'run-alive' });
        expect(await all(journal.records(run))).toEqual([]);
      });
    });

    describe('appends', () => {
      test('are whole or not at all, and none follows one that failed', async () => {
        const run = await newRun();
        const step = (number: number) => ({ ...emptyStep, records: [recordOf(run, number)] });
        const appends = [
          journal.append(run, [step(1)], 'one'),
          journal.append(run, [step(2), step(1)], 'two'),
          journal.append(run, [step(3)], 'three'),
        ];
        const settled = await Promise.allSettled(appends);
        expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
        expect((await all(journal.records(run))).map(({ number }) => number)).toEqual([1]);
        expect(await journal.findRun(run)).toMatchObject({ checkpoint: 'one', bars: 1 });
      });

      test('may be made without waiting, and keep their order', async () => {
        const run = await newRun();
        const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
        await Promise.all(
          numbers.map((number) =>
            journal.append(run, [{ ...emptyStep, records: [recordOf(run, number)] }], number),
          ),
        );
        expect(await journal.findRun(run)).toMatchObject({ checkpoint: 30, bars: 30 });
      });
    });

    describe('records', () => {
      test('come back as they were, with the hash they had', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyRecord, { maxLength: 40 }), async (drafts) => {
            const run = await newRun();
            const records = drafts.map((draft, index) => {
              const number = index + 1;
              const parents = draft.parents.map((parent) => `${run}.${parent}`);
              const order = draft.order && { ...draft.order, id: `${run}.${number}.order` };
              return recordOf(run, number, { ...draft, at: start + number * hour, parents, order });
            });
            const hash = createRunHash();
            for (const record of records) hash.add([record]);
            const half = records.length >> 1;
            const steps = [records.slice(0, half), records.slice(half)].map((part) => ({
              ...emptyStep,
              records: part,
            }));
            for (const step of steps) await journal.append(run, [step], null);

            const read = await all(journal.records(run));
            expect(read.map(({ outcome: _, ...record }) => record)).toEqual(records.map(asStored));
            const again = createRunHash();
            await again.addAll(journal.records(run));
            expect(again.digest()).toBe(hash.digest());
          }),
          { numRuns: 25, seed: 1 },
        );
      });

      test('keep what PostgreSQL text cannot hold out of it, and the hash still agrees', async () => {
        const run = await newRun();
        const record = recordOf(run, 1, {
          reasoning: 'a\u0000b \ud800 c 🪐',
          inputs: { raw: '\u0000 \udfff' },
        });
        await journal.append(run, [{ ...emptyStep, records: [record] }], null);
        const read = await journal.findRecord(`${run}.1`);
        expect(read.reasoning).toBe('a\uFFFDb \uFFFD c 🪐');
        expect(read.inputs).toEqual({ raw: '\u0000 \udfff' });
        const hashes = [record, read].map((one) => {
          const hash = createRunHash();
          hash.add([one]);
          return hash.digest();
        });
        expect(hashes[0]).toBe(hashes[1]);
      });

      test('are listed by instant, instrument, kind and agent across pages, and filtered', async () => {
        const run = await newRun();
        // Two instruments an instant, so that instants straddle the pages; written in the wrong order on purpose.
        const steps = Array.from({ length: 700 }, (_, instant) => ({
          ...emptyStep,
          records: ['SYN-B', 'SYN-A'].flatMap((instrument, index) => {
            const number = 2 * instant + 1 + index;
            const common = { instrument, at: start + instant * hour };
            const id = `${run}.${number}.technical`;
            return [
              recordOf(run, number, { ...common, id, kind: 'signal', agent: 'technical' }),
              recordOf(run, number, common),
            ];
          }),
        }));
        for (let index = 0; index < steps.length; index += 100) {
          await journal.append(run, steps.slice(index, index + 100), null);
        }
        const expected = steps.flatMap(({ records: [b, bChief, a, aChief] }) => [aChief!, a!, bChief!, b!]);
        const read = await all(journal.records(run));
        expect(read.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
        const filtered = await all(journal.records(run, { kind: 'signal', instrument: 'SYN-B' }));
        expect(filtered).toHaveLength(700);
        expect(filtered.every((record) => record.kind === 'signal' && record.instrument === 'SYN-B')).toBe(
          true,
        );
        expect(await all(journal.records(run, { agent: 'nobody' }))).toEqual([]);
      });

      test('are found by their id', async () => {
        const run = await newRun();
        const id = `${run}.3.risk.technical`;
        const verdict = recordOf(run, 3, { id, kind: 'verdict', agent: 'risk' });
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 3), verdict] }], null);
        expect(await journal.findRecord(id)).toEqual({ ...verdict, outcome: null });
        expect(await journal.findRecord(`${run}.3`)).toMatchObject({ kind: 'decision' });
        for (const unknown of [
          run,
          `${run}.4`,
          `${run}.x`,
          `${run}.3.risk`,
          `${run}.`,
          `${run}.99999999999`,
        ]) {
          await expect(journal.findRecord(unknown)).rejects.toMatchObject({ code: 'record-not-found' });
        }
      });

      test.each([
        `action = 'FOO'`,
        `stance = 'UP'`,
        `source = 'guess'`,
        `kind = 'rumour'`,
        `confidence = 'NaN'`,
        `stop = 'Infinity'`,
        `at = 1e300`,
      ])('are named when their rows were changed: %s', async (change) => {
        const run = await newRun();
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1), recordOf(run, 2)] }], null);
        await alter(run, `update orrery_decision set ${change} where number = 2 and run`);
        const named = alteredError(`record ${run}.2`);
        await expect(journal.findRecord(`${run}.2`)).rejects.toMatchObject(named);
        await expect(all(journal.records(run))).rejects.toMatchObject(named);
      });

      test.each([
        ['cut short', `update orrery_decision_detail set packed = substring(packed for 20)`],
        ['replaced', `update orrery_decision_detail set packed = '\\x00'`],
        ['taken away', `delete from orrery_decision_detail`],
      ])('are named when their details were %s', async (_, tamper) => {
        const run = await newRun();
        await journal.append(run, [{ ...emptyStep, records: [recordOf(run, 1)] }], null);
        await alter(run, `${tamper} where run`);
        const named = alteredError(`record ${run}.1`);
        await expect(journal.findRecord(`${run}.1`)).rejects.toMatchObject(named);
        await expect(all(journal.records(run))).rejects.toMatchObject(named);
      });
    });

    describe('orders, fills, trades and equity', () => {
      test('come back as they were, oldest first; a filled order says so', async () => {
        const run = await newRun();
        const { steps, orders, fills, trades } = tradingSteps(run);
        await journal.append(run, steps, null);
        const filled = new Set(fills.map((fill) => fill.order));
        expect(await all(journal.orders(run))).toEqual(
          orders.map((order) => (filled.has(order.id) ? { ...order, status: 'filled' } : order)),
        );
        expect(await all(journal.fills(run))).toEqual(fills);
        expect(await all(journal.trades(run))).toEqual(trades);
        expect(await all(journal.equity(run))).toEqual(steps.map(({ equity }) => equity));
      });

      test('give each decision its outcome', async () => {
        const run = await newRun();
        await journal.append(run, tradingSteps(run).steps, null);
        const nothing = {
          filledAt: null,
          price: null,
          fee: null,
          closedAt: null,
          exit: null,
          exitBy: null,
          pnl: null,
          returnPct: null,
          reason: null,
        };
        const outcomes = (await all(journal.records(run))).map(({ outcome }) => outcome);
        const entry = (number: number, price: number, fee: number) => {
          return { ...nothing, filledAt: start + number * hour, price, fee };
        };
        const exitBy = 'decision';
        const first = { closedAt: start + 2 * hour, exit: 110, exitBy, pnl: 9, returnPct: 9 };
        const second = { closedAt: start + 3 * hour, exit: 105, exitBy, pnl: 4, returnPct: 3.64 };
        expect(outcomes).toEqual([
          // 1 opened the first trade, which 2 closed; 2 turned it around and opened the second, which 3 closed.
          { status: 'closed', ...entry(1, 100, 0.5), ...first },
          { status: 'closed', ...entry(2, 110, 1), ...second },
          { status: 'closed', ...entry(3, 105, 0.5), ...second },
          { status: 'open', ...entry(4, 104, 0.5) },
          { status: 'refused', ...nothing },
          { status: 'pending', ...nothing },
          null,
        ]);
      });

      test('say what the broker could not fill, and why', async () => {
        const run = await newRun();
        const { steps } = tradingSteps(run);
        const unable = (number: number, reason: string): JournalStep => ({
          ...emptyStep,
          refusals: [{ order: `${run}.${number}.order`, at: start + number * hour, reason }],
        });
        await journal.append(run, [...steps, unable(4, 'only in part'), unable(6, 'no equity')], null);
        const listed = await all(journal.orders(run));
        expect(listed[3]).toMatchObject({ status: 'filled', reason: 'only in part' });
        expect(listed[5]).toMatchObject({ status: 'refused', reason: 'no equity' });
        const inPart = await journal.findRecord(`${run}.4`);
        expect(inPart.outcome).toMatchObject({ status: 'open', reason: 'only in part' });
        const refused = await journal.findRecord(`${run}.6`);
        expect(refused.outcome).toMatchObject({ status: 'refused', filledAt: null, reason: 'no equity' });
        // The hash of a run is taken of records as they were decided.
        expect(refused.order).toMatchObject({ status: 'approved', reason: null });
        const rows = await database.query(
          'select order_status, order_reason from orrery_decision_log where run = $1 order by number',
          [run],
        );
        expect(rows[3]).toEqual({ order_status: 'approved', order_reason: 'only in part' });
        expect(rows[5]).toEqual({ order_status: 'refused', order_reason: 'no equity' });
      });

      test.each([
        ['orders', `orrery_order set quantity = 'NaN' where id = '1.order'`, 'order RUN.1.order'],
        ['orders', `orrery_order set side = 'UP' where id = '1.order'`, 'order RUN.1.order'],
        [
          'fills',
          `orrery_fill set price = 'Infinity' where order_id = '1.order'`,
          'the fill of order RUN.1.order',
        ],
        [
          'trades',
          `orrery_trade set pnl = '-Infinity' where opened_by = '1.order'`,
          'the trade of order RUN.1.order',
        ],
        ['equity', `orrery_equity set cash = 'NaN' where at = ${start}`, 'the equity of run RUN'],
      ] as const)('are named when their rows were changed: %s, %s', async (kept, change, what) => {
        const run = await newRun();
        await journal.append(run, tradingSteps(run).steps, null);
        await alter(run, `update ${change} and run`);
        const named = alteredError(what.replace('RUN', run));
        await expect(all<object>(journal[kept](run))).rejects.toMatchObject(named);
        if (kept !== 'fills' && kept !== 'trades') return;
        await expect(journal.findRecord(`${run}.1`)).rejects.toMatchObject(named);
      });

      test('stand in SQL beside the reasoning', async () => {
        const run = await newRun();
        await journal.append(run, tradingSteps(run).steps, null);
        const rows = await database.query(
          'select action, reasoning, order_status, order_reason, pnl from orrery_decision_log where run = $1 order by number',
          [run],
        );
        expect(rows[0]).toEqual({
          ...{
            action: 'HOLD',
            reasoning: 'Nothing to do.',
            order_status: 'approved',
            order_reason: null,
            pnl: 9,
          },
        });
        expect(rows[4]).toMatchObject({ order_status: 'refused', order_reason: 'stop too far', pnl: null });
        expect(rows).toHaveLength(7);
      });

      test('tell of a stop that it was one, and leave the decision one row in SQL', async () => {
        const run = await newRun();
        const { steps, orders, fills, trades } = tradingSteps(run);
        const id = `${run}.4.order.stop`;
        const at = start + 6 * hour;
        const order: OrderRecord = {
          ...orders[3]!,
          ...{ id, at, side: 'SELL', type: 'stop', status: 'filled', reason: 'stop-loss' },
        };
        const fill: Fill = { ...fills[3]!, order: id, at, side: 'SELL', price: 95.4 };
        const trade: Trade = {
          ...trades[0]!,
          closedAt: at,
          exit: 95.4,
          openedBy: orders[3]!.id,
          closedBy: id,
        };
        const stopped = { ...emptyStep, orders: [order], fills: [fill], trades: [trade] };
        await journal.append(run, [...steps, stopped], null);
        expect((await all(journal.orders(run))).at(-1)).toEqual(order);
        const { outcome } = await journal.findRecord(`${run}.4`);
        expect(outcome).toMatchObject({ status: 'closed', closedAt: at, exit: 95.4, exitBy: 'stop', pnl: 9 });
        const rows = await database.query(
          'select pnl from orrery_decision_log where run = $1 and number = 4',
          [run],
        );
        expect(rows).toEqual([{ pnl: 9 }]);
      });
    });

    test('a realistic record takes less than 700 bytes', async () => {
      const run = await newRun();
      const random = createRandom(7);
      const size = () => {
        return database.query<{ bytes: number }>(
          `select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
           where relname like 'orrery%' and relkind = 'r' and relnamespace = current_schema()::regnamespace`,
        );
      };
      const [before] = await size();
      for (let bar = 0; bar < 2_000; bar += 100) {
        const steps = Array.from({ length: 100 }, (_, index) => realisticStep(run, bar + index + 1, random));
        await journal.append(run, steps, { bar });
      }
      const [after] = await size();
      expect((after!.bytes - before!.bytes) / 10_000).toBeLessThan(700);
    });
  },
);

/** Four fills: open, turn around, close, open again; then a refused order, one not filled yet, and no order. */
function tradingSteps(run: string) {
  const order = (
    number: number,
    side: 'BUY' | 'SELL',
    quantity: number,
    reason: string | null = null,
  ): OrderRecord => ({
    ...{
      id: `${run}.${number}.order`,
      at: start + (number - 1) * hour,
      instrument: 'SYN-A',
      side,
      type: 'market',
    },
    ...{ quantity, limit: null, stop: 95.5, status: reason === null ? 'approved' : 'refused', reason },
    decision: `${run}.${number}`,
  });
  const orders = [
    ...[order(1, 'BUY', 1), order(2, 'SELL', 2), order(3, 'BUY', 1), order(4, 'BUY', 1)],
    ...[order(5, 'BUY', 1, 'stop too far'), order(6, 'SELL', 1)],
  ];
  const fill = (number: number, price: number, fee: number): Fill => {
    const { id, instrument, side, quantity } = orders[number - 1]!;
    return { order: id, at: start + number * hour, instrument, side, quantity, price, fee };
  };
  const fills = [fill(1, 100, 0.5), fill(2, 110, 1), fill(3, 105, 0.5), fill(4, 104, 0.5)];
  const trade = (
    opened: number,
    closed: number,
    side: 'LONG' | 'SHORT',
    rest: Pick<Trade, 'pnl' | 'returnPct'>,
  ): Trade => ({
    ...{ instrument: 'SYN-A', side, quantity: 1, fees: 1, ...rest },
    ...{ openedAt: start + opened * hour, closedAt: start + closed * hour },
    ...{ entry: fills[opened - 1]!.price, exit: fills[closed - 1]!.price },
    ...{ openedBy: `${run}.${opened}.order`, closedBy: `${run}.${closed}.order` },
  });
  const trades = [
    trade(1, 2, 'LONG', { pnl: 9, returnPct: 9 }),
    trade(2, 3, 'SHORT', { pnl: 4, returnPct: 3.64 }),
  ];
  const steps = Array.from({ length: 7 }, (_, index): JournalStep => {
    const asked = orders[index];
    const request: DecisionOrder | null = asked === undefined ? null : decisionOrder(asked);
    const at = start + index * hour;
    return {
      records: [recordOf(run, index + 1, { at, order: request })],
      orders: asked === undefined ? [] : [asked],
      fills: fills.slice(index, index + 1),
      trades: trades.slice(index, index + 1),
      refusals: [],
      equity: { at, equity: 10_000 + index / 3, cash: 9_000 - index / 7 },
    };
  });
  return { steps, orders, fills, trades };
}

function decisionOrder({ id, side, quantity, stop, status, reason }: OrderRecord): DecisionOrder {
  return {
    id,
    side,
    type: 'market',
    quantity,
    stop,
    status: status === 'refused' ? 'refused' : 'approved',
    reason,
  };
}

/** The sign of zero is not kept. */
function asStored(record: DecisionRecord): DecisionRecord {
  return JSON.parse(JSON.stringify(record));
}

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });
const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.constantFrom(0, 5e-324, 1.7976931348623157e308, 1e21, 0.1 + 0.2, 123456789.12345679),
);
const anyNumberOrNull = fc.option(anyNumber);
const anyTime = fc.integer({ min: 0, max: 4e12 });
const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  ...{ id: anyText, name: anyText, value: anyNumberOrNull, unit: anyText },
  ...{
    eventAt: fc.oneof(fc.constant(start + hour), anyTime),
    knownAt: fc.oneof(fc.constant(start + hour), anyTime),
  },
});
const anyKind = fc.constantFrom<RecordKind>('signal', 'proposal', 'verdict', 'decision');
const anyOrder: fc.Arbitrary<DecisionOrder> = fc.record({
  ...{ id: fc.constant(''), side: fc.constantFrom('BUY', 'SELL'), type: fc.constant('market') },
  ...{ quantity: anyNumber, stop: anyNumberOrNull, status: fc.constantFrom('approved', 'refused') },
  reason: fc.option(anyText),
});
const anyRecord = fc.record({
  ...{ kind: anyKind, action: fc.constantFrom('BUY', 'SELL', 'HOLD', 'CLOSE'), confidence: anyNumber },
  ...{ stance: fc.constantFrom('LONG', 'SHORT', 'FLAT'), size: anyNumberOrNull, sizePct: anyNumberOrNull },
  ...{ instrument: anyText, agent: anyText, stop: anyNumberOrNull, reasoning: anyText, coverage: anyNumber },
  keyFactors: fc.array(fc.record({ text: anyText, evidence: fc.array(anyText, { maxLength: 3 }) }), {
    maxLength: 3,
  }),
  evidence: fc.array(anyEvidence, { maxLength: 5 }),
  missing: fc.array(fc.record({ name: anyText, reason: fc.constantFrom('absent', 'stale') }), {
    maxLength: 2,
  }),
  inputs: fc.dictionary(
    anyText,
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  ),
  ...{
    source: fc.constantFrom('llm', 'rules'),
    rung: fc.constantFrom('primary', null),
    fellBack: fc.boolean(),
  },
  parents: fc.array(anyText, { maxLength: 3 }),
  verdict: fc.option(
    fc.record({
      ...{ approved: fc.boolean(), adjustedSize: anyNumberOrNull, riskScore: anyNumber },
      warnings: fc.array(anyText, { maxLength: 2 }),
    }),
  ),
  ...{ order: fc.option(anyOrder), provider: fc.option(anyText), model: fc.option(anyText) },
  ...{ promptTokens: fc.nat(), responseTokens: fc.nat(), latencyMs: anyNumber, costUsd: anyNumber },
  recording: fc.option(anyText),
});

const cited = [
  'ema-50',
  'ema-200',
  'rsi-14',
  'macd',
  'macd.signal',
  'bollinger-20.upper',
  'adx-14',
  'atr-14',
  'close',
];

/** One bar of five agents with texts and numbers of the usual length, none of them twice the same. */
function realisticStep(run: string, number: number, random: () => number): JournalStep {
  const at = start + number * hour;
  const price = () => random() * 40_000;
  const written = () => price().toFixed(2);
  const evidenceOf = (count: number): Evidence[] =>
    Array.from({ length: count }, (_, index) => ({
      ...{ id: `e${index + 1}`, name: `${cited[index % cited.length]}.${index}`, value: price() },
      ...{ unit: index % 3 === 0 ? 'USDT' : 'ratio', eventAt: at, knownAt: at },
    }));
  const voice = (agent: string, suffix: string, kind: RecordKind) =>
    recordOf(run, number, {
      ...{
        id: `${run}.${number}${suffix}`,
        at,
        agent,
        kind,
        confidence: random(),
        size: random(),
        sizePct: random(),
      },
      stop: price(),
      reasoning: `The trend is up: EMA 50 at ${written()} stands above EMA 200 at ${written()}, RSI 14 at ${written()} is neutral, MACD ${written()} crosses its signal ${written()} and ADX ${written()} says trending.`,
      keyFactors: [1, 2, 3].map((index) => ({
        text: `${cited[index]} at ${written()} is above the price's band of ${written()}`,
        evidence: [`e${index}`, `e${index + 4}`],
      })),
      evidence: evidenceOf(kind === 'decision' ? 10 : 20),
      inputs: { position: { quantity: random(), entry: price() }, equity: price(), regime: 'bull' },
      parents: kind === 'decision' ? [`${run}.${number}.technical`, `${run}.${number}.risk.technical`] : [],
    });
  return {
    ...emptyStep,
    records: [
      voice('technical', '.technical', 'signal'),
      voice('technical', '.technical.proposal', 'proposal'),
      voice('sentiment', '.sentiment', 'signal'),
      voice('risk', '.risk.technical', 'verdict'),
      voice('chief', '', 'decision'),
    ],
    equity: { at, equity: price(), cash: price() },
  };
}
