import { OrreryError } from '../core/index.ts';
import type { Database, Session } from './database.ts';

/** One step of a part's tables, applied once and never edited afterwards. */
export interface Migration {
  /** Sorts and names it for ever, e.g. `0001-journal`. */
  readonly id: string;
  /** Plain SQL that PGlite and PostgreSQL 14 or later both take. Tables are named `orrery_…` and no schema is named. */
  readonly sql: string;
}

/**
 * Brings the tables up to date, in the order given. Safe when several processes start at once.
 * @throws OrreryError `database-failed` when a newer version of Orrery has been here already.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  const pending = await findPending(database, migrations);
  if (pending.length === 0) return;
  await database.transaction(async (session) => {
    await session.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '/migrate', 0))`);
    await session.script('create table if not exists orrery_migration (id text primary key)');
    for (const migration of await findPending(session, migrations)) {
      await session.script(migration.sql);
      await session.query('insert into orrery_migration (id) values ($1)', [migration.id]);
    }
  });
}

async function findPending(
  session: Session,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const [table] = await session.query<{ there: boolean }>(
    `select to_regclass('orrery_migration') is not null as there`,
  );
  if (!table?.there) return migrations;
  const rows = await session.query<{ id: string }>('select id from orrery_migration');
  const applied = new Set(rows.map((row) => row.id));
  const known = new Set(migrations.map((migration) => migration.id));
  const foreign = [...applied].find((id) => !known.has(id));
  if (foreign !== undefined) {
    throw new OrreryError(
      'database-failed',
      `The database has a table version this Orrery does not know: ${foreign}`,
      {
        hint: 'A newer Orrery has used it. Install that version again, or choose another ORRERY_HOME or DATABASE_URL.',
        retryable: false,
      },
    );
  }
  return migrations.filter((migration) => !applied.has(migration.id));
}
