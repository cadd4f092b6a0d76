import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sinceProcessStartMs } from '../core/index.ts';
import type { Database } from './database.ts';
import { homeLocked, takeHomeLock } from './home-lock.ts';
import { makeStateFolder } from './state-folder.ts';

export interface DatabaseOptions {
  /** Folder of all state, `$ORRERY_HOME`; made when absent. */
  readonly home: string;
  /** `$DATABASE_URL`: a PostgreSQL server instead of the embedded database in `home`. */
  readonly url: string | null;
  /** What others are told when they find the database held, e.g. `orrery run r_1`. */
  readonly holder: string;
  /** `own` writes and keeps others from writing; `read` shares with whoever holds it. */
  readonly access: 'own' | 'read';
}

/** How long a command waits for one that lists, or that has the lock but does not listen yet. */
const patienceMs = 10_000;

/**
 * @throws OrreryError `home-locked` when `own` is asked for and another live process owns the embedded database;
 *   `database-failed` when it, or the server, cannot be opened; `configuration-invalid` when `url` is no address of one.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // Drivers are loaded when a database is opened: most commands, and every thread of a sweep, do without.
  if (options.url !== null) return (await import('./server-database.ts')).openServerDatabase(options.url);
  const database = await openHome(options);
  if (database.kind !== 'remote') return database;
  const { createFollowingReader } = await import('./following-reader.ts');
  return createFollowingReader(database, () => openHome(options));
}

async function openHome(options: DatabaseOptions): Promise<Database> {
  const home = resolve(options.home);
  makeStateFolder(home);
  const path = join(home, 'database.lock');
  const deadline = sinceProcessStartMs() + patienceMs;
  for (;;) {
    const attempt = await takeHomeLock(path, options);
    if (attempt.kind === 'taken') {
      const { openEmbeddedDatabase } = await import('./embedded-database.ts');
      return openEmbeddedDatabase(home, attempt.lock);
    }
    const { by } = attempt;
    if (options.access === 'own' && by.access === 'own') throw homeLocked(path, by);
    if (options.access === 'read' && by.socket !== null) {
      const { openRemoteDatabase } = await import('./server-database.ts');
      const remote = await openRemoteDatabase(by.socket);
      if (remote !== null) return remote;
    }
    if (sinceProcessStartMs() > deadline) throw homeLocked(path, by);
    await delay(20);
  }
}
