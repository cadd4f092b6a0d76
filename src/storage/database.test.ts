import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, migrate, openDatabase } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'orrery-database-'));
const serverUrl = process.env['ORRERY_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const schema = `orrery_database_test_${process.pid}`;
const administrator = new pg.Client({ connectionString: serverUrl });
const serverAnswers = await administrator.connect().then(
  () => true,
  () => false,
);
if (!serverAnswers) {
  if (process.env['ORRERY_TEST_REQUIRE'] === 'all') throw new Error(`no PostgreSQL answers at ${serverUrl}`);
  console.log(`skipped: the cases on a PostgreSQL server, none answers at ${serverUrl}`);
}

let embedded: Database;
const open = {
  embedded: async () => embedded,
  remote: () => openDatabase({ home, url: null, holder: 'test reader', access: 'read' }),
  server: () => {
    const url = `${serverUrl}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
    return openDatabase({ home, url, holder: 'test', access: 'own' });
  },
};

beforeAll(async () => {
  embedded = await openDatabase({ home, url: null, holder: 'test', access: 'own' });
  if (serverAnswers) await administrator.query(`create schema ${schema}`);
});

afterAll(async () => {
  await embedded.close();
  if (serverAnswers) {
    await administrator.query(`drop schema ${schema} cascade`);
    await administrator.end();
  }
  rmSync(home, { recursive: true, force: true });
});

const kinds = (['embedded', 'remote', 'server'] as const).filter(
  (kind) => kind !== 'server' || serverAnswers,
);

describe.each(kinds)('a database of kind %s', (kind) => {
  let database: Database;
  beforeAll(async () => {
    database = await open[kind]();
    await database.script(
      'drop table if exists orrery_sample; create table orrery_sample (name text, value float8)',
    );
  });
  afterAll(async () => {
    await database.query('drop table orrery_sample');
    if (kind !== 'embedded') await database.close();
  });

  test('says which it is', () => {
    expect(database.kind).toBe(kind);
  });

  test('gives the same JavaScript values as every other kind', async () => {
    const [row] = await database.query(
      `select $1::float8 as third, $2::float8 as tiny, $3::float8 as huge, $4::int4 as small, $5::int8 as big,
        $6::text as text, $7::bool as yes, $8::json as document, $9::bytea as bytes, $10::float8[] as numbers,
        $11::text[] as words, null::float8 as nothing, count(*) as counted`,
      [
        ...[1 / 3, 5e-324, 1.7976931348623157e308, -7, 1_600_000_000_000, 'é "quoted" \\ 🪐', true],
        ...['{"a":[1.5,null]}', Buffer.from([0, 1, 255]), [0.1, null, -2], ['a,b', '"', '']],
      ],
    );
    expect(row).toEqual({
      ...{ third: 1 / 3, tiny: 5e-324, huge: 1.7976931348623157e308, small: -7, big: 1_600_000_000_000 },
      ...{
        text: 'é "quoted" \\ 🪐',
        yes: true,
        document: { a: [1.5, null] },
        bytes: Buffer.from([0, 1, 255]),
      },
      ...{ numbers: [0.1, null, -2], words: ['a,b', '"', ''], nothing: null, counted: 1 },
    });
  });

  test('commits what resolves and rolls back what throws', async () => {
    const add = (name: string) => `insert into orrery_sample (name, value) values ('${name}', 1)`;
    await expect(
      database.transaction(async (session) => {
        await session.query(add('kept'));
        return 'done';
      }),
    ).resolves.toBe('done');
    const refusal = new Error('the caller changed its mind');
    await expect(
      database.transaction(async (session) => {
        await session.query(add('lost'));
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(await database.query('select name from orrery_sample')).toEqual([{ name: 'kept' }]);
  });

  test('reports a refused statement as database-failed and goes on', async () => {
    await expect(database.query('select nowhere')).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringContaining('column "nowhere" does not exist'),
    });
    await expect(
      database.transaction(async (session) => {
        await session.query('select nowhere');
      }),
    ).rejects.toMatchObject({ code: 'database-failed' });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('gives a named lock once, until it is given back; to a guest never', async () => {
    if (kind === 'remote') {
      await expect(database.tryLock('run a')).rejects.toMatchObject({ code: 'home-locked' });
      return;
    }
    expect(await database.isLocked('run a')).toBe(false);
    expect(await database.tryLock('run a')).toBe(true);
    expect(await database.tryLock('run a')).toBe(false);
    expect(await database.isLocked('run a')).toBe(true);
    expect(await database.isLocked('run b')).toBe(false);
    await database.unlock('run a');
    expect(await database.isLocked('run a')).toBe(false);
    expect(await database.tryLock('run a')).toBe(true);
    await database.unlock('run a');
  });

  test('applies each migration once, and refuses a database from the future', async () => {
    const first = { id: '0001-a', sql: 'create table orrery_a (x int4); create table orrery_b (x int4)' };
    const second = { id: '0002-a', sql: 'alter table orrery_a add column y int4' };
    await migrate(database, [first]);
    await migrate(database, [first, second]);
    await migrate(database, [first, second]);
    expect(await database.query('select x, y from orrery_a, orrery_b b(z)')).toEqual([]);
    await expect(migrate(database, [first])).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringContaining('0002-a'),
    });
    await database.script('drop table orrery_a; drop table orrery_b; drop table orrery_migration');
  });
});

test.skipIf(!serverAnswers)(
  'a lock is gone with its connection, and giving it back is no error',
  async () => {
    const database = await open.server();
    expect(await database.tryLock('run cut')).toBe(true);
    const held = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
    and pid in (select pid from pg_stat_activity where query like '%pg_try_advisory_lock%' and state = 'idle')
    and ((classid::int8 << 32) | objid::int8) = hashtextextended($1, 0)`;
    const cut = await administrator.query(held, [`${schema}/run cut`]);
    expect(cut.rowCount).toBe(1);
    await database.unlock('run cut');
    expect(await database.isLocked('run cut')).toBe(false);
    expect(await database.tryLock('run cut')).toBe(true);
    await database.close();
  },
);

describe('a database shared by its holder and readers', () => {
  test('a lock of the holder is seen by a reader, who cannot take one', async () => {
    const reader = await open.remote();
    await embedded.tryLock('run a');
    expect(await reader.isLocked('run a')).toBe(true);
    await expect(reader.tryLock('run b')).rejects.toMatchObject({ code: 'home-locked' });
    await embedded.unlock('run a');
    expect(await reader.isLocked('run a')).toBe(false);
    await reader.close();
  });

  // The trap of a single connection: without turns, the statement of one ends up in the transaction of the other.
  test('nobody gets into the transaction of another', async () => {
    await embedded.script('create table orrery_shared (name text)');
    const readers = await Promise.all([open.remote(), open.remote()]);
    const all = [embedded, ...readers];
    const names: string[] = [];
    await Promise.all(
      all.map(async (database, index) => {
        for (let round = 0; round < 20; round += 1) {
          const name = `${index}.${round}`;
          const isKept = round % 2 === 0;
          if (isKept) names.push(name);
          await database
            .transaction(async (session) => {
              await session.query('insert into orrery_shared values ($1)', [name]);
              await new Promise((resolve) => setTimeout(resolve, 1));
              const [count] = await session.query<{ n: number }>(
                'select count(*) as n from orrery_shared where name = $1',
                [name],
              );
              expect(count).toEqual({ n: 1 });
              if (!isKept) throw new Error('rolled back');
            })
            .catch((error: Error) => expect(error.message).toBe('rolled back'));
        }
      }),
    );
    const rows = await embedded.query<{ name: string }>('select name from orrery_shared');
    expect(rows.map((row) => row.name).sort()).toEqual(names.sort());
    await embedded.query('drop table orrery_shared');
    for (const reader of readers) await reader.close();
  });

  test('statements longer than a packet do not mix', async () => {
    const readers = await Promise.all([open.remote(), open.remote()]);
    await Promise.all(
      readers.map(async (reader, index) => {
        const text = String(index).repeat(300_000);
        for (let round = 0; round < 10; round += 1) {
          const rows = await reader.query('select $1::text as text, length($1) as length', [text]);
          expect(rows).toEqual([{ text, length: text.length }]);
        }
      }),
    );
    for (const reader of readers) await reader.close();
  });

  test('a reader that vanishes in its transaction leaves the holder free', async () => {
    const client = new pg.Client({ host: home, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin');
    await client.query('create table orrery_half (x int4)');
    const waiting = embedded.query("select to_regclass('orrery_half') as there");
    client.connection.stream.destroy();
    expect(await waiting).toEqual([{ there: null }]);
  });
});

describe.skipIf(!serverAnswers)('two processes at once on a server', () => {
  test('migrate the tables once', async () => {
    const databases = await Promise.all([open.server(), open.server(), open.server()]);
    const migrations = [{ id: '0001-c', sql: 'create table orrery_c (x int4)' }];
    await Promise.all(databases.map((database) => migrate(database, migrations)));
    expect(await databases[0]!.query('select id from orrery_migration')).toEqual([{ id: '0001-c' }]);
    for (const database of databases) await database.close();
  });

  test('exclude each other by a named lock, which ends with its holder', async () => {
    const [one, two] = [await open.server(), await open.server()];
    expect(await one.tryLock('run a')).toBe(true);
    expect(await two.tryLock('run a')).toBe(false);
    expect(await two.isLocked('run a')).toBe(true);
    await one.close();
    await expect.poll(() => two.tryLock('run a')).toBe(true);
    await two.close();
  });

  test('a server that does not answer is database-failed', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/test';
    const opening = openDatabase({ home, url, holder: 'test', access: 'own' });
    await expect(opening).rejects.toMatchObject({ code: 'database-failed', retryable: true });
  });
});
