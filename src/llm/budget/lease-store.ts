import { randomUUID } from 'node:crypto';
import type { Database, Migration } from '../../storage/index.ts';

/** The slice of the database this folder uses. */
export type BudgetDatabase = Pick<Database, 'query'>;

export const budgetMigrations: readonly Migration[] = [
  {
    id: '0001-budget',
    sql: `create table orrery_budget (
      purse text primary key,
      leased bigint not null
    );`,
  },
  {
    id: '0002-budget-holder',
    sql: `create table orrery_budget_holder (
      purse text not null,
      holder text not null,
      unspent bigint not null,
      seen timestamptz not null,
      primary key (purse, holder)
    );`,
  },
];

/** A purse as all processes see it. */
export interface Standing {
  /** Taken so far. */
  readonly leased: number;
  /** Of it, what other processes that are alive have not spent, and so may give back. */
  readonly others: number;
}

/** What this process has taken out of a purse and not spent. */
export interface Holding {
  readonly purse: string;
  readonly unspent: number;
}

/**
 * What all processes have taken out of each purse. Amounts are whole numbers of the purse's unit. What is taken counts as
 * spent until it is given back: a process that dies leaves it so. Each process says besides what it has not spent yet, so that
 * others know whether waiting for it may help.
 */
export interface LeaseStore {
  /**
   * Takes `wanted`, or what the cap leaves if that is at least `needed`. `unspent` is what this process holds before.
   * @returns what was taken; 0 when it does not suffice
   */
  take(purse: string, cap: number, needed: number, wanted: number, unspent: number): Promise<number>;
  /** Books what was spent without having been taken; the cap does not hold it up. */
  overdraw(purse: string, amount: number): Promise<void>;
  /** `unspent` is what this process holds after. */
  giveBack(purse: string, amount: number, unspent: number): Promise<void>;
  /** Says that this process is alive, and what it holds. */
  keep(holdings: readonly Holding[]): Promise<void>;
  standing(purse: string): Promise<Standing>;
}

/** Of a process that was silent for longer nobody expects anything; each says at least every second what it holds. */
const longestSilence = '5 seconds';

/** `holder` is this process, unlike any other. */
export function createLeaseStore(database: BudgetDatabase, holder: string = randomUUID()): LeaseStore {
  return {
    async take(purse, cap, needed, wanted, unspent) {
      await database.query(
        'insert into orrery_budget (purse, leased) values ($1, 0) on conflict do nothing',
        [purse],
      );
      // One statement, so that no other process comes between looking and taking.
      const sql = `with held as (select leased from orrery_budget where purse = $1 for update),
        part as (select least($4::bigint, $2::bigint - leased) as amount from held where leased + $3::bigint <= $2::bigint),
        mine as (insert into orrery_budget_holder (purse, holder, unspent, seen)
          select $1, $5, $6::bigint + part.amount, now() from part
          on conflict (purse, holder) do update set unspent = excluded.unspent, seen = excluded.seen)
        update orrery_budget set leased = orrery_budget.leased + part.amount from part where purse = $1
        returning part.amount::float8 as amount`;
      const parameters = [purse, cap, needed, wanted, holder, unspent];
      const [row] = await database.query<{ readonly amount: number }>(sql, parameters);
      return row?.amount ?? 0;
    },
    async overdraw(purse, amount) {
      const sql = `insert into orrery_budget (purse, leased) values ($1, $2) on conflict (purse) do update
        set leased = least(9000000000000000000, orrery_budget.leased + excluded.leased)`;
      await database.query(sql, [purse, amount]);
    },
    async giveBack(purse, amount, unspent) {
      const mine =
        unspent === 0
          ? 'delete from orrery_budget_holder where purse = $1 and holder = $3 and $4::bigint = 0'
          : 'update orrery_budget_holder set unspent = $4::bigint, seen = now() where purse = $1 and holder = $3';
      const sql = `with mine as (${mine})
        update orrery_budget set leased = greatest(0, leased - $2::bigint) where purse = $1`;
      await database.query(sql, [purse, amount, holder, unspent]);
    },
    async keep(holdings) {
      const sql = `update orrery_budget_holder as mine set unspent = given.unspent, seen = now()
        from unnest($2::text[], $3::bigint[]) as given (purse, unspent)
        where mine.purse = given.purse and mine.holder = $1`;
      const purses = holdings.map(({ purse }) => purse);
      await database.query(sql, [holder, purses, holdings.map(({ unspent }) => unspent)]);
    },
    async standing(purse) {
      // One statement: what one process takes and says is never seen by halves.
      const sql = `select
        coalesce((select leased from orrery_budget where purse = $1), 0)::float8 as leased,
        coalesce((select sum(unspent) from orrery_budget_holder
          where purse = $1 and holder <> $2 and seen > now() - interval '${longestSilence}'), 0)::float8 as others`;
      const [row] = await database.query<Standing>(sql, [purse, holder]);
      return row ?? { leased: 0, others: 0 };
    },
  };
}
