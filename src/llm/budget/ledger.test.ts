import { setImmediate as turn } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { budgetMigrations, createLeaseStore, type LeaseStore } from './lease-store.ts';
import { DoesNotFit, Ledger } from './ledger.ts';
import type { Claim } from './purse.ts';

let pglite: PGlite;
let store: LeaseStore;
let otherStore: LeaseStore;
const leased = async (purse: string) => (await store.standing(purse)).leased;
beforeAll(async () => {
  pglite = await PGlite.create();
  for (const { sql } of budgetMigrations) await pglite.exec(sql);
  const database = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
  };
  [store, otherStore] = [createLeaseStore(database), createLeaseStore(database)];
});
afterAll(() => pglite.close());
const opened: Ledger[] = [];
function open(on: LeaseStore): Ledger {
  const ledger = new Ledger(on);
  opened.push(ledger);
  return ledger;
}
beforeEach(async () => {
  // None of an earlier test may give anything back in this one.
  for (const ledger of opened.splice(0)) await ledger.close().catch(() => undefined);
  await pglite.exec('delete from orrery_budget; delete from orrery_budget_holder');
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
    const ledger = open(store);
    // Each claims a tenth of the cap and takes a 512th: ten at a time, one after another, all of them fit.
    const each = Math.floor(cap / 512);
    const took = await Promise.all(Array.from({ length: 256 }, () => call(ledger, cap / 10, each)));
    expect(took).toEqual(Array.from({ length: 256 }, () => each));
    // More than what is left fits no longer; all of it does.
    const left = cap - 256 * each;
    expect(await call(ledger, left + 1, 1)).toBe(0);
    expect(await call(ledger, left, left)).toBe(left);
    await ledger.close();
    expect(await leased('day')).toBe(cap);
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
          await pglite.exec('delete from orrery_budget; delete from orrery_budget_holder');
          const ledgers = [open(store), open(otherStore)];
          const took = await Promise.all(
            calls.map(({ most, share, turns, second }) =>
              call(ledgers[second ? 1 : 0]!, most, Math.floor(most * share), turns),
            ),
          );
          const sum = took.reduce((all, amount) => all + amount, 0);
          expect(sum).toBeLessThanOrEqual(cap);
          await Promise.all(ledgers.map((ledger) => ledger.close()));
          expect(await leased('day')).toBe(sum);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('is told of what was taken beyond a claim, which nothing can undo', async () => {
    const ledger = open(store);
    await call(ledger, 10, cap + 5);
    await ledger.close();
    expect(await leased('day')).toBe(cap + 5);
    expect(await call(open(store), 1, 1)).toBe(0);
  });

  test('counts what a process that died had taken, and no more than a block of it', async () => {
    const dead = open(store);
    await dead.claim([day(100)]);
    // 20 calls, which are less than 1 % of the cap.
    expect(await leased('day')).toBe(2_000);
    const alive = open(store);
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
    const ledger = open(counting);
    for (let at = 0; at < 200; at++) await call(ledger, 100, 90);
    expect(asked).toBeLessThanOrEqual(10);
  });
});

/** What it would be after a kill: whatever this process holds is spent to all others. */
async function leasedBy(most: number, purse = 'day'): Promise<number> {
  await expect.poll(() => leased(purse), { timeout: 2_000, interval: 20 }).toBeLessThanOrEqual(most);
  return await leased(purse);
}

describe('what a process claimed and did not spend', () => {
  test('is given back but for a block, soon and without being closed', async () => {
    const ledger = open(store);
    await Promise.all(Array.from({ length: 256 }, () => call(ledger, 3_900, 200)));
    expect(await leased('day')).toBeGreaterThan(256 * 3_900);
    // 1 % of the cap.
    await leasedBy(256 * 200 + 10_000);
    expect(await leased('day')).toBeGreaterThanOrEqual(256 * 200);
  });

  test('is given back to the last bit after a second without calls, and can be had by another process', async () => {
    const ledger = open(store);
    await call(ledger, cap * 0.6, 1_000);
    await leasedBy(1_000);
    expect(await call(open(otherStore), cap - 1_000, 1)).toBe(1);
    // And is taken anew with the next call.
    expect(await call(ledger, 100, 100)).toBe(100);
  });

  test('is not given back while calls come that need it', async () => {
    let gaveBack = 0;
    let took = 0;
    const counting: LeaseStore = {
      ...store,
      take: (...words) => {
        took++;
        return store.take(...words);
      },
      giveBack: (...words) => {
        gaveBack++;
        return store.giveBack(...words);
      },
    };
    const ledger = open(counting);
    let calls = 0;
    for (const until = Date.now() + 500; Date.now() < until; calls += 32)
      await Promise.all(Array.from({ length: 32 }, () => call(ledger, 100, 1)));
    expect(took).toBeLessThan(10 + calls / 500);
    expect(gaveBack).toBeLessThan(8);
  });

  test('counts as spent where the store cannot be told, and ends nothing', async () => {
    const failing: LeaseStore = { ...store, giveBack: () => Promise.reject(new Error('disk full')) };
    const ledger = open(failing);
    await call(ledger, cap / 2, 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await leased('day')).toBe(cap / 2);
    expect(await call(ledger, cap / 4, 7)).toBe(7);
  });
});

describe('a call that other processes leave no room', () => {
  test('waits for their calls under way', async () => {
    const [one, other] = [open(store), open(otherStore)];
    const first = await one.claim([day(cap * 0.6)]);
    setTimeout(() => first.settle([1_000]), 200);
    expect(await call(other, cap * 0.6, 1)).toBe(1);
  });

  test('is refused at once where even all they hold would not suffice', async () => {
    const [one, other] = [open(store), open(otherStore)];
    await call(one, cap * 0.5, cap * 0.5);
    const first = await one.claim([day(cap * 0.1)]);
    await expect(other.claim([day(cap * 0.6)])).rejects.toBeInstanceOf(DoesNotFit);
    first.settle([0]);
  });

  test('is given up with its caller', async () => {
    const [one, other] = [open(store), open(otherStore)];
    const first = await one.claim([day(cap)]);
    await expect(other.claim([day(10)], AbortSignal.timeout(150))).rejects.toThrow('timeout');
    first.settle([0]);
  });

  test('does not wait for a process that was silent for long', async () => {
    const [one, other] = [open(store), open(otherStore)];
    await one.claim([day(cap)]);
    await one.close();
    await pglite.exec("update orrery_budget_holder set seen = seen - interval '6 seconds'");
    await expect(other.claim([day(10)])).rejects.toBeInstanceOf(DoesNotFit);
  });

  test('goes though both wait for the block of the other', async () => {
    const [one, other] = [open(store), open(otherStore)];
    // Each is left with little more than half of what its next call needs.
    const share = cap * 0.008;
    const [first, second] = [await one.claim([day(cap * 0.5)]), await other.claim([day(cap * 0.5)])];
    first.settle([cap * 0.5 - share / 2]);
    second.settle([cap * 0.5 - share / 2]);
    const took = await Promise.all([call(one, share - 10, 1), call(other, share - 10, 1)]);
    expect(took).toEqual([1, 1]);
  });

  test('refuses nothing that would have fitted of 256 calls at once in each of two processes', async () => {
    const ledgers = [open(store), open(otherStore)];
    const each = Math.floor(cap / 600);
    const calls = ledgers.flatMap((ledger) =>
      Array.from({ length: 256 }, () => call(ledger, cap / 10, each)),
    );
    const took = (await Promise.all(calls)).reduce((sum, amount) => sum + amount, 0);
    // What is left when the first is refused is less than a worst case.
    expect(took).toBe(512 * each);
  });
});

describe('a call that waits', () => {
  test('goes in order of arrival: a small one does not pass a large one', async () => {
    const ledger = open(store);
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
    const ledger = open(store);
    const one: Claim = { purse: 'agent one', cap: 10, most: 10 };
    const other: Claim = { purse: 'agent other', cap: 10, most: 10 };
    const first = await ledger.claim([one]);
    const waits = ledger.claim([one]);
    const second = await ledger.claim([other]);
    second.settle([10]);
    first.settle([0]);
    (await waits).settle([10]);
  });

  test('for one purse holds up nobody at the others it will need', async () => {
    const ledger = open(store);
    const of = (agent: string): readonly Claim[] => [day(10), { purse: `agent ${agent}`, cap: 15, most: 10 }];
    const first = await ledger.claim(of('one'));
    const waits = ledger.claim(of('one'));
    (await ledger.claim(of('other'))).settle([10, 10]);
    first.settle([1, 1]);
    (await waits).settle([10, 10]);
  });

  test('is let go when its caller gives up', async () => {
    const ledger = open(store);
    const first = await ledger.claim([day(cap)]);
    const controller = new AbortController();
    const waits = ledger.claim([day(1)], controller.signal);
    controller.abort(new Error('too late'));
    await expect(waits).rejects.toThrow('too late');
    first.settle([0]);
    expect(await call(ledger, cap, cap)).toBe(cap);
  });

  test('is refused with what is left when the last call under way has settled', async () => {
    const ledger = open(store);
    const first = await ledger.claim([day(cap)]);
    const waits = ledger.claim([day(10)]);
    first.settle([cap - 4]);
    await expect(waits).rejects.toMatchObject({ left: 4, claim: { most: 10 } });
  });

  test('makes way for those behind it when its caller gives up', async () => {
    const ledger = open(store);
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
    const ledger = open(store);
    await call(ledger, 10, Number.MAX_SAFE_INTEGER);
    await call(ledger, 10, Number.MAX_SAFE_INTEGER);
    expect(await call(ledger, 1, 1)).toBe(0);
    await ledger.close();
  });

  test('that the store could not book are not forgotten', async () => {
    const failing: LeaseStore = { ...store, overdraw: () => Promise.reject(new Error('disk full')) };
    const ledger = open(failing);
    await call(ledger, 10, cap + 1);
    await turn();
    await expect(ledger.claim([day(1)])).rejects.toThrow('disk full');
    await expect(ledger.close()).rejects.toThrow('disk full');
  });
});
