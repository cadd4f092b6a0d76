import { dirname } from 'node:path';
import pg from 'pg';
import { OrreryError } from '../core/index.ts';
import { type Database, lockKey, lockQuery, type Session } from './database.ts';
import { databaseFailure } from './database-failure.ts';

const int8Type = pg.types.builtins.INT8;

/**
 * Connects to the PostgreSQL at `url`; a `search_path` in the URL's `options` decides where the tables lie.
 * @throws OrreryError `configuration-invalid` for what is not such an address
 */
export async function openServerDatabase(url: string): Promise<Database> {
  // The driver would take other words for the name of a file or a host.
  if (!/^postgres(ql)?:\/\/./i.test(url)) throw noAddress();
  return openPool('server', { connectionString: url });
}

/** Says nothing of what was given: it may hold a password. */
function noAddress(): OrreryError {
  return new OrreryError(
    'configuration-invalid',
    'DATABASE_URL is not the address of a PostgreSQL database',
    {
      hint: 'It is written postgres://USER:PASSWORD@HOST:5432/DATABASE; without it the database lies in ORRERY_HOME.',
    },
  );
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
    throw isInvalidUrl(error) ? noAddress() : databaseFailure(error);
  }
  return createPoolDatabase(kind, pool);
}

function isInvalidUrl(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_URL';
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
  const letGo = () => {
    client?.release(true);
    client = null;
    held.clear();
  };
  return {
    async tryLock(name: string): Promise<boolean> {
      if (held.has(name)) return false;
      held.add(name);
      if (client === null) {
        client = await connect(pool);
        client.on('error', letGo);
      }
      const [row] = await pgSession(client).query<{ taken: boolean }>(
        `select pg_try_advisory_lock(${lockKey}) as taken`,
        [name],
      );
      const taken = row?.taken === true;
      if (!taken) held.delete(name);
      return taken;
    },
    async unlock(name: string): Promise<void> {
      if (!held.delete(name)) return;
      // Losing the connection frees the lock too.
      await client?.query(`select pg_advisory_unlock(${lockKey})`, [name]).catch(letGo);
    },
    close: letGo,
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
