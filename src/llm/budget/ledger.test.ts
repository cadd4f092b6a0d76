import { setImmediate as turn } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { budgetMigrations, createLeaseStore, type LeaseStore } from './lease-store.ts';
import { type Claim, DoesNotFit, Ledger } from './ledger.ts';

let pglite: PGlite;
let store: LeaseStore;
beforeAll(async () => {
  pglite = await PGlite.create();
  for (const { sql } of budgetMigrations) await pglite.exec(sql);
  store = createLeaseStore({
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
  });
});
afterAll(() => pglite.close());
beforeEach(async () => {
  await pglite.exec('delete from orrery_budget');
});

const cap = 1_000_000;
const day = (most: number): Claim => ({ purse: 'day', cap, most });

/** A call that claims `most`, takes `taken` after some turns of the event loop, and says how it went. */
async function call(ledger: Ledger, most: number, taken: number, turns = 1): Promise<number> {
  let reservation: Awaited<ReturnType<Ledger['claim']>>;
  try {
    reservation = await ledger.claim([day(most)]);
  } catch (thrown) {
    if (thrown instanceof DoesNotFit) return 0;
    throw thrown;
  }
  for (let at = 0; at < turns; at++) await turn();
  reservation.settle([taken]);
  return taken;
}

describe('a cap', () => {
  test('is never exceeded by 256 calls at once, and refuses nothing that would have fitted', async () => {
    const ledger = new Ledger(store);
    // Each claims a tenth of the cap and takes a 512th: ten at a time, one after another, all of them fit.
    const each = Math.floor(cap / 512);
    const took = await Promise.all(Array.from({ length: 256 }, () => call(ledger, cap / 10, each)));
    expect(took).toEqual(Array.from({ length: 256 }, () => each));
    // More than what is left fits no longer; all of it does.
    const left = cap - 256 * each;
    expect(await call(ledger, left + 1, 1)).toBe(0);
    expect(await call(ledger, left, left)).toBe(left);
    await ledger.close();
    expect(await store.leased('day')).toBe(cap);
  });

  test('holds for whatever calls come, in one process or two, and the store knows in the end what was taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            most: fc.integer({ min: 1, max: cap / 2 }),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
            turns: fc.integer({ min: 0, max: 3 }),
            second: fc.boolean(),
          }),
          { maxLength: 30 },
        ),
        async (calls) => {
          await pglite.exec('delete from orrery_budget');
          const ledgers = [new Ledger(store), new Ledger(store)];
          const took = await Promise.all(
            calls.map(({ most, share, turns, second }) =>
              call(ledgers[second ? 1 : 0]!, most, Math.floor(most * share), turns),
            ),
          );
          const sum = took.reduce((all, amount) => all + amount, 0);
          expect(sum).toBeLessThanOrEqual(cap);
          await Promise.all(ledgers.map((ledger) => ledger.close()));
          expect(await store.leased('day')).toBe(sum);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('is told of what was taken beyond a claim, which nothing can undo', async () => {
    const ledger = new Ledger(store);
    await call(ledger, 10, cap + 5);
    await ledger.close();
    expect(await store.leased('day')).toBe(cap + 5);
    expect(await call(new Ledger(store), 1, 1)).toBe(0);
  });

  test('counts what a process that died had taken, and no more than a block of it', async () => {
    const dead = new Ledger(store);
    await dead.claim([day(100)]);
    // 20 calls, which are less than 1 % of the cap.
    expect(await store.leased('day')).toBe(2_000);
    const alive = new Ledger(store);
    expect(await call(alive, cap - 2_000, cap - 2_000)).toBe(cap - 2_000);
    expect(await call(alive, 1, 1)).toBe(0);
  });

  test('is not asked for at every call', async () => {
    let asked = 0;
    const counting: LeaseStore = {
      ...store,
      take: (...words) => {
        asked++;
        return store.take(...words);
      },
    };
    const ledger = new Ledger(counting);
    for (let at = 0; at < 200; at++) await call(ledger, 100, 90);
    expect(asked).toBeLessThanOrEqual(10);
  });
});

describe('a call that waits', () => {
  test('goes in order of arrival: a small one does not pass a large one', async () => {
    const ledger = new Ledger(store);
    const first = await ledger.claim([day(cap * 0.6)]);
    const order: string[] = [];
    const large = ledger.claim([day(cap * 0.5)]).then((reservation) => {
      order.push('large');
      return reservation;
    });
    const small = ledger.claim([day(cap * 0.1)]).then(() => order.push('small'));
    await turn();
    first.settle([cap * 0.4]);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  test('does not hold up calls on other purses', async () => {
    const ledger = new Ledger(store);
    const one: Claim = { purse: 'agent one', cap: 10, most: 10 };
    const other: Claim = { purse: 'agent other', cap: 10, most: 10 };
    const first = await ledger.claim([one]);
    const waits = ledger.claim([one]);
    const second = await ledger.claim([other]);
    second.settle([10]);
    first.settle([0]);
    (await waits).settle([10]);
  });

  test('is let go when its caller gives up', async () => {
    const ledger = new Ledger(store);
    const first = await ledger.claim([day(cap)]);
    const controller = new AbortController();
    const waits = ledger.claim([day(1)], controller.signal);
    controller.abort(new Error('too late'));
    await expect(waits).rejects.toThrow('too late');
    first.settle([0]);
    expect(await call(ledger, cap, cap)).toBe(cap);
  });

  test('is refused with what is left when the last call under way has settled', async () => {
    const ledger = new Ledger(store);
    const first = await ledger.claim([day(cap)]);
    const waits = ledger.claim([day(10)]);
    first.settle([cap - 4]);
    await expect(waits).rejects.toMatchObject({ left: 4, claim: { most: 10 } });
  });

  test('makes way for those behind it when its caller gives up', async () => {
    const ledger = new Ledger(store);
    const first = await ledger.claim([day(cap * 0.6)]);
    const controller = new AbortController();
    const large = ledger.claim([day(cap * 0.5)], controller.signal);
    const small = ledger.claim([day(cap * 0.1)]);
    controller.abort(new Error('too late'));
    await expect(large).rejects.toThrow('too late');
    (await small).settle([1]);
    first.settle([1]);
  });
});

describe('absurd amounts', () => {
  test('stop all further calls', async () => {
    const ledger = new Ledger(store);
    await call(ledger, 10, Number.MAX_SAFE_INTEGER);
    await call(ledger, 10, Number.MAX_SAFE_INTEGER);
    expect(await call(ledger, 1, 1)).toBe(0);
    await ledger.close();
  });

  test('that the store could not book are not forgotten', async () => {
    const failing: LeaseStore = { ...store, overdraw: () => Promise.reject(new Error('disk full')) };
    const ledger = new Ledger(failing);
    await call(ledger, 10, cap + 1);
    await turn();
    await expect(ledger.claim([day(1)])).rejects.toThrow('disk full');
    await expect(ledger.close()).rejects.toThrow('disk full');
  });
});
