import { journalMigrations } from '../journal/index.ts';
import { budgetMigrations, cacheMigrations, recordingMigrations } from '../llm/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';

/**
 * Opens the database for the time of `work`: to own it, or to read beside whoever does.
 * @param holder what others are told who find it owned
 */
export type WithDatabase = <Result>(
  holder: string,
  access: 'own' | 'read',
  work: (database: Database) => Promise<Result>,
) => Promise<Result>;

/** Every room's tables. */
const migrations = [...journalMigrations, ...recordingMigrations, ...budgetMigrations, ...cacheMigrations];

/** @param place the state folder, and the address of a server if there is one */
export function openDatabasesAt(place: { readonly home: string; readonly url: string | null }): WithDatabase {
  return async (holder, access, work) => {
    const database = await openDatabase({ ...place, holder, access });
    try {
      if (database.kind !== 'remote') await migrate(database, migrations);
      return await work(database);
    } finally {
      await database.close();
    }
  };
}
