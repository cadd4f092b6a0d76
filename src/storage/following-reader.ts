import pg from 'pg';
import { OrreryError } from '../core/index.ts';
import type { Database } from './database.ts';

/** Holders that may end one after another under one question. */
const mostFollowed = 5;

/**
 * The embedded database for who only reads it through its holder's socket: when that holder ends, the reader goes on with the
 * next one, or as the holder itself, and asks again. Nobody needs to notice, as a question asked twice changes nothing.
 */
export function createFollowingReader(first: Database, reopen: () => Promise<Database>): Database {
  let current = Promise.resolve(first);
  const follow = async <T>(ask: (database: Database) => Promise<T>): Promise<T> => {
    for (let followed = 0; ; followed++) {
      const asked = current;
      const database = await asked;
      try {
        return await ask(database);
      } catch (error) {
        if (followed === mostFollowed || database.kind !== 'remote' || !isHolderGone(error)) throw error;
        // Of several questions under way the first to notice reopens for all.
        if (current !== asked) continue;
        current = database.close().then(reopen);
      }
    }
  };
  return {
    kind: first.kind,
    query: (sql, parameters) => follow((database) => database.query(sql, parameters)),
    script: (sql) => follow((database) => database.script(sql)),
    transaction: (work) => follow((database) => database.transaction(work)),
    tryLock: (name) => follow((database) => database.tryLock(name)),
    unlock: (name) => follow((database) => database.unlock(name)),
    isLocked: (name) => follow((database) => database.isLocked(name)),
    close: async () => (await current).close(),
  };
}

/** A refusal by PostgreSQL itself comes over a connection that is well. */
function isHolderGone(error: unknown): boolean {
  return (
    error instanceof OrreryError &&
    error.code === 'database-failed' &&
    !(error.cause instanceof pg.DatabaseError)
  );
}
