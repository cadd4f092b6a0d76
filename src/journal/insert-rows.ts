import type { Session } from '../storage/index.ts';

/** A table's name and the columns that are written, as `name type` separated by commas. */
export interface WrittenTable {
  readonly table: string;
  readonly columns: string;
}

/** Adds rows of one run with one statement, in the order given. A row's keys are the columns' names. */
export async function insertRows(
  session: Session,
  { table, columns }: WrittenTable,
  run: number,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns
    .split(',')
    .map((column) => column.trim().split(' ')[0])
    .join(', ');
  // json is read in one pass; jsonb would be built first, which is slower.
  await session.query(
    `insert into ${table} (run, ${names})
     select $1::int4, ${names} from json_to_recordset($2::json) as entry (${columns})`,
    [run, JSON.stringify(rows)],
  );
}
