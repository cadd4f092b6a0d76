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
];

/**
 * What all processes have taken out of each purse. Amounts are whole numbers of the purse's unit. What is taken counts as
 * spent until it is given back: a process that dies leaves it so.
 */
export interface LeaseStore {
  /** Takes `wanted`, or what the cap leaves if that is at least `needed`. @returns what was taken; 0 when it does not suffice */
  take(purse: string, cap: number, needed: number, wanted: number): Promise<number>;
  /** Books what was spent without having been taken; the cap does not hold it up. */
  overdraw(purse: string, amount: number): Promise<void>;
  giveBack(purse: string, amount: number): Promise<void>;
  /** Taken so far. */
  leased(purse: string): Promise<number>;
}

export function createLeaseStore(database: BudgetDatabase): LeaseStore {
  const add =
    'insert into orrery_budget (purse, leased) values ($1, $2) on conflict (purse) do update set leased';
  return {
    async take(purse, cap, needed, wanted) {
      await database.query(
        'insert into orrery_budget (purse, leased) values ($1, 0) on conflict do nothing',
        [purse],
      );
      // One statement, so that no other process comes between looking and taking.
      const sql = `with held as (select leased from orrery_budget where purse = $1 for update),
        part as (select least($4::bigint, $2::bigint - leased) as amount from held where leased + $3::bigint <= $2::bigint)
        update orrery_budget set leased = orrery_budget.leased + part.amount from part where purse = $1
        returning part.amount::float8 as amount`;
      const [row] = await database.query<{ readonly amount: number }>(sql, [purse, cap, needed, wanted]);
      return row?.amount ?? 0;
    },
    async overdraw(purse, amount) {
      await database.query(`${add} = least(9000000000000000000, orrery_budget.leased + excluded.leased)`, [
        purse,
        amount,
      ]);
    },
    async giveBack(purse, amount) {
      const sql = 'update orrery_budget set leased = greatest(0, leased - $2::bigint) where purse = $1';
      await database.query(sql, [purse, amount]);
    },
    async leased(purse) {
      const sql = 'select leased::float8 as leased from orrery_budget where purse = $1';
      const [row] = await database.query<{ readonly leased: number }>(sql, [purse]);
      return row?.leased ?? 0;
    },
  };
}
