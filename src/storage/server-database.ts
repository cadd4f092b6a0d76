import { dirname } from 'node:path';
import pg from 'pg';
import { OrreryError } from '../core/index.ts';
import { type Database, lockKey, lockQuery, type Session } from './database.ts';
import { databaseFailure } from './database-failure.ts';

const int8Type = pg.types.builtins.INT8;

/** Connects to the PostgreSQL at `url`; a `search_path` in the URL's `options` decides where the tables lie. */
export function openServerDatabase(url: string): Promise<Database> {
  return openPool('server', { connectionString: url });
}

/**
 * Connects to the database that another process holds and serves at `socket`.
 * Null when nobody listens there (any more).
 */
export async function openRemoteDatabase(socket: string): Promise<Database | null> {
  try {
    const place = { host: dirname(socket), port: 5432, user: 'postgres', database: 'postgres', ssl: false };
    // An idle connection would make the holder wait when it closes.
    return await openPool('remote', { ...place, idleTimeoutMillis: 200 });
  } catch {
    return null;
  }
}

async function openPool(kind: 'server' | 'remote', place: pg.PoolConfig): Promise<Database> {
  const pool = new pg.Pool({
    ...place,
    max: 4,
    connectionTimeoutMillis: 30_000,
    // PostgreSQL prints floats exactly unless the server was told otherwise.
    onConnect: async (client) => void (await client.query('set extra_float_digits = 1')),
    application_name: 'orrery',
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        type === int8Type ? Number : pg.types.getTypeParser(type, format),
    },
  });
  // The next query finds the connection gone and says so; without a listener the process would end here.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw databaseFailure(error);
  }
  return createPoolDatabase(kind, pool);
}

function createPoolDatabase(kind: 'server' | 'remote', pool: pg.Pool): Database {
  const session = pgSession(pool);
  const locks = createSessionLocks(pool);
  return {
    kind,
    query: session.query,
    script: session.script,
    async transaction(work) {
      const client = await connect(pool);
      const inside = pgSession(client);
      let broken = false;
      try {
        await inside.script('begin');
        const value = await work(inside);
        await inside.script('commit');
        return value;
      } catch (error) {
        broken = await inside.script('rollback').then(
          () => false,
          () => true,
        );
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async tryLock(name) {
      if (kind === 'server') return locks.tryLock(name);
      throw new OrreryError('home-locked', 'Another process holds the database', {
        hint: 'Wait for it or stop it, or give this command another ORRERY_HOME.',
      });
    },
    unlock: locks.unlock,
    async isLocked(name) {
      const [row] = await session.query<{ locked: boolean }>(lockQuery, [name]);
      return row?.locked === true;
    },
    async close() {
      locks.close();
      await pool.end();
    },
  };
}

/** PostgreSQL ties these locks to a connection, so they get one of their own. Losing it loses them. */
function createSessionLocks(pool: pg.Pool) {
  const held = new Set<string>();
  let client: pg.PoolClient | null = null;
  return {
    async tryLock(name: string): Promise<boolean> {
      if (held.has(name)) return false;
      held.add(name);
      if (client === null) {
        client = await connect(pool);
        client.on('error', () => undefined);
      }
      const { rows } = await client.query(`select pg_try_advisory_lock(${lockKey}) as taken`, [name]);
      const taken = rows[0]?.taken === true;
      if (!taken) held.delete(name);
      return taken;
    },
    async unlock(name: string): Promise<void> {
      if (held.delete(name)) await client?.query(`select pg_advisory_unlock(${lockKey})`, [name]);
    },
    close(): void {
      client?.release(true);
      client = null;
      held.clear();
    },
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw databaseFailure(error);
  }
}

function pgSession(connection: pg.Pool | pg.PoolClient): Session {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
      try {
        const result = await connection.query(sql, [...parameters]);
        return result.rows;
      } catch (error) {
        throw databaseFailure(error);
      }
    },
    async script(sql) {
      try {
        await connection.query(sql);
      } catch (error) {
        throw databaseFailure(error);
      }
    },
  };
}
