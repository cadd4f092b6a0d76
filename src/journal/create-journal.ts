import { runOf } from '../core/index.ts';
import type { Database } from '../storage/index.ts';
import { insertRecords, packRecords, readRecord, readRecords } from './decision-store.ts';
import type { Journal } from './journal.ts';
import { recordNotFound } from './record-not-found.ts';
import {
  advanceRun,
  claimRun,
  createRun,
  findRun,
  finishRun,
  listRuns,
  type RunClaim,
  type RunKey,
  readRunKey,
} from './run-store.ts';
import { insertTrading, readEquity, readFills, readOrders, readTrades } from './trading-store.ts';

/** A replaced checkpoint leaves its old text behind until somebody sweeps; a server does that by itself. */
const appendsPerSweep = 50;

/** The journal in `database`, which has had {@link journalMigrations}. */
export function createJournal(database: Database): Journal {
  const claims = new Map<string, RunClaim>();
  /** The last append of each run, so that the next one waits for it and fails with it. */
  const tails = new Map<string, Promise<void>>();
  let appends = 0;

  const claimed = (run: string): RunClaim => {
    const claim = claims.get(run);
    if (claim === undefined) throw new RangeError(`run ${run} is neither created nor claimed here`);
    return claim;
  };
  const follow = (run: string, work: () => Promise<void>): Promise<void> => {
    const before = tails.get(run) ?? Promise.resolve();
    const done = before.then(work);
    tails.set(run, done);
    // Whoever called hears of a failure; the copy kept for the next call must not count as unheard.
    done.catch(() => undefined);
    return done;
  };
  async function* ofRun<T>(run: string, read: (key: RunKey) => AsyncIterable<T>): AsyncGenerator<T> {
    const key = await readRunKey(database, run);
    if (key !== null) yield* read(key);
  }

  return {
    async createRun(run) {
      claims.set(run.run, await createRun(database, run));
    },
    async claimRun(run) {
      claims.set(run, await claimRun(database, run));
      tails.delete(run);
    },
    append(run, steps, checkpoint) {
      const claim = claimed(run);
      const records = steps.flatMap((step) => step.records);
      const bars = records.filter((record) => record.kind === 'decision').length;
      const packing = packRecords(records);
      packing.catch(() => undefined);
      return follow(run, async () => {
        const blocks = await packing;
        await database.transaction(async (session) => {
          await advanceRun(session, claim, { bars, checkpoint });
          await insertRecords(session, claim, blocks);
          await insertTrading(session, claim, steps);
        });
        appends += 1;
        if (database.kind === 'embedded' && appends % appendsPerSweep === 0) {
          await database.query('vacuum orrery_checkpoint');
        }
      });
    },
    async finishRun(run, end) {
      const claim = claimed(run);
      await follow(run, () => finishRun(database, claim, end));
      claims.delete(run);
    },
    findRun: (run) => findRun(database, run),
    listRuns: () => listRuns(database),
    records: (run, filter = {}) => ofRun(run, (key) => readRecords(database, key, filter)),
    async findRecord(id) {
      const key = await readRunKey(database, runOf(id));
      const record = key === null || id === key.name ? null : await readRecord(database, key, id);
      if (record !== null) return record;
      throw await recordNotFound(database, key, id);
    },
    orders: (run) => ofRun(run, (key) => readOrders(database, key)),
    fills: (run) => ofRun(run, (key) => readFills(database, key)),
    trades: (run) => ofRun(run, (key) => readTrades(database, key)),
    equity: (run) => ofRun(run, (key) => readEquity(database, key)),
  };
}
