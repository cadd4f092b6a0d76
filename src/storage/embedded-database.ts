import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { type Database, lockKey, lockQuery, type Session } from './database.ts';
import { databaseFailure, openFailure } from './database-failure.ts';
import { chooseSocketPath, type DatabaseSocket, serveDatabase } from './database-socket.ts';
import { createFromTemplate } from './database-template.ts';
import type { HomeLock } from './home-lock.ts';
import { createTurns } from './turns.ts';

/**
 * PGlite runs PostgreSQL without its background processes: it never checkpoints by itself, and autovacuum would not run.
 * Full page writes stay on: kill -9 can end a write between two pages of the file system.
 */
const settings = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '2MB',
  max_wal_size: '4MB',
  shared_buffers: '32MB',
  autovacuum: 'off',
  jit: 'off',
};

/** After so much WAL a checkpoint lets PostgreSQL drop it; recovery after a kill reads at most this much. */
const checkpointBytes = 24 * 1024 * 1024;

const byteaType = 17;
const int8Type = 20;

/** Opens `HOME/database`, making it when it is not there, and serves it to other processes. Closing gives the lock back. */
export async function openEmbeddedDatabase(home: string, lock: HomeLock): Promise<Database> {
  let pglite: PGlite | null = null;
  try {
    pglite = await openPglite(join(home, 'database'));
    const turns = createTurns();
    const socket = await serveDatabase(await chooseSocketPath(home), pglite, turns);
    await lock.publishSocket(socket.path);
    return createEmbeddedDatabase({ pglite, turns, socket, lock });
  } catch (error) {
    await pglite?.close();
    await lock.release();
    throw databaseFailure(error);
  }
}

async function openPglite(folder: string): Promise<PGlite> {
  try {
    const found = await stat(folder).catch(() => null);
    if (found === null) await createFromTemplate(folder);
    else if (!found.isDirectory()) throw new Error('it is not a folder');
    return await startPglite(folder);
  } catch (error) {
    throw openFailure(folder, error);
  }
}

function startPglite(folder: string): Promise<PGlite> {
  return PGlite.create({
    dataDir: folder,
    startParams: [
      ...PGlite.defaultStartParams,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    parsers: { [int8Type]: Number, [byteaType]: (text) => Buffer.from(text.slice(2), 'hex') },
    serializers: { [byteaType]: (bytes: Buffer) => `\\x${bytes.toString('hex')}` },
  });
}

interface Parts {
  readonly pglite: PGlite;
  readonly turns: ReturnType<typeof createTurns>;
  readonly socket: DatabaseSocket;
  readonly lock: HomeLock;
}

function createEmbeddedDatabase({ pglite, turns, socket, lock }: Parts): Database {
  const session = pgliteSession(pglite);
  const held = new Set<string>();
  const checkpoint = createCheckpointer(session);

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const endTurn = await turns.take();
    try {
      return await work();
    } finally {
      endTurn();
      // PGlite answers without ever leaving the microtask queue: a run that computes and writes in turn would never
      // get to hear its socket, a signal or a timer.
      await yieldToEvents();
    }
  };
  const transaction = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      await session.script('begin');
      let value: T;
      try {
        value = await work(session);
        await session.script('commit');
      } catch (error) {
        await session.script('rollback');
        throw error;
      }
      await checkpoint();
      return value;
    });
  return {
    kind: 'embedded',
    query: (sql, parameters) => inTurn(() => session.query(sql, parameters)),
    script: (sql) => inTurn(() => session.script(sql)),
    transaction,
    async tryLock(name) {
      // All of this process is one session, which PostgreSQL would grant its own lock again.
      if (held.has(name)) return false;
      held.add(name);
      await inTurn(() => session.query(`select pg_advisory_lock(${lockKey})`, [name]));
      return true;
    },
    async unlock(name) {
      if (held.delete(name)) {
        await inTurn(() => session.query(`select pg_advisory_unlock(${lockKey})`, [name]));
      }
    },
    async isLocked(name) {
      const [row] = await inTurn(() => session.query<{ locked: boolean }>(lockQuery, [name]));
      return row?.locked === true;
    },
    async close() {
      await socket.close();
      await inTurn(() => pglite.close());
      await lock.release();
    },
  };
}

function pgliteSession(pglite: PGlite): Session {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      try {
        return (await pglite.query<Row>(sql, [...parameters])).rows;
      } catch (error) {
        throw databaseFailure(error);
      }
    },
    async script(sql) {
      try {
        await pglite.exec(sql);
      } catch (error) {
        throw databaseFailure(error);
      }
    },
  };
}

/** Checkpoints when enough WAL has gathered since the last time. */
function createCheckpointer(session: Session): () => Promise<void> {
  let last = 0;
  return async () => {
    const [wal] = await session.query<{ position: number }>(
      `select (pg_current_wal_insert_lsn() - '0/0')::float8 as position`,
    );
    const position = wal?.position ?? 0;
    if (position - last < checkpointBytes) return;
    await session.script('checkpoint');
    last = position;
  };
}
