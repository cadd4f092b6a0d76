/** Runs statements one after another on one connection; inside {@link Database.transaction} they succeed or fail together. */
export interface Session {
  /**
   * One statement with `$1`, `$2` … for the parameters. Every kind of database gives the same JavaScript values for
   * float8, int4, int8 (as number), text, bool, json, bytea (as Buffer) and arrays of them; tables use no other types.
   * @throws OrreryError `database-failed` with the server's words.
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Several statements separated by semicolons, without parameters or results. */
  script(sql: string): Promise<void>;
}

/** The slice of PostgreSQL that Orrery uses, over the embedded database and a server alike. */
export interface Database extends Session {
  /** `remote` is the embedded database of another process, reached through that process's socket. */
  readonly kind: 'embedded' | 'server' | 'remote';
  /**
   * Commits when `work` resolves, rolls back when it throws. Statements of the transaction go through the session that
   * `work` is given: the embedded database has one connection, so using the outer handle inside would wait for ever.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Takes a named lock without waiting; false when anybody holds it, this process included. It lasts until
   * {@link unlock}, {@link close} or the end of the process, however that comes.
   * @throws OrreryError `home-locked` on a `remote` database: what its holder does is for the holder to say.
   */
  tryLock(name: string): Promise<boolean>;
  unlock(name: string): Promise<void>;
  /** True when any process holds the named lock. */
  isLocked(name: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A lock's name as the 64-bit key of a PostgreSQL advisory lock. Such locks are per database; the schema in the key
 * keeps two installations in one database apart.
 */
export const lockKey = `hashtextextended(current_schema() || '/' || $1, 0)`;

/** Whether any session of this database holds the lock `$1`; `pg_locks` shows a 64-bit key as two halves. */
export const lockQuery = `
  select exists (
    select from pg_locks
    where locktype = 'advisory' and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and ((classid::int8 << 32) | objid::int8) = ${lockKey}
  ) as locked`;
