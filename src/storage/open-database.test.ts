import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { takeHomeLock } from './home-lock.ts';
import { openDatabase } from './index.ts';

const folders: string[] = [];
const children: ChildProcess[] = [];

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'orrery-home-'));
  folders.push(home);
  return home;
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs statements in a process of its own, which has `database` open on `home`; resolves at its first line of output. */
async function startHolder(home: string, statements: string) {
  const code = `
    import { openDatabase } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const database = await openDatabase({ home: ${JSON.stringify(home)}, url: null, holder: 'orrery run r_1', access: 'own' });
    ${statements}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const holder = { child, output: '' };
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      holder.output += text;
      resolve();
    });
  });
  return holder;
}

function killAndWait(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

const readLock = (home: string) => JSON.parse(readFileSync(join(home, 'database.lock'), 'utf8'));
const own = (home: string) => openDatabase({ home, url: null, holder: 'orrery run r_2', access: 'own' });
const read = (home: string) => openDatabase({ home, url: null, holder: 'orrery runs list', access: 'read' });

describe('the embedded database and its lock', () => {
  test('is made on first use, private, and found again', async () => {
    const home = join(newHome(), 'new', 'state');
    const database = await own(home);
    const { pid, holder, socket } = readLock(home);
    expect({ pid, holder }).toEqual({ pid: process.pid, holder: 'orrery run r_2' });
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    await database.script('create table orrery_kept (x int4); insert into orrery_kept values (7)');
    await database.close();
    expect(readdirSync(home)).toEqual(['database']);
    const again = await read(home);
    expect(again.kind).toBe('embedded');
    expect(await again.query('select x from orrery_kept')).toEqual([{ x: 7 }]);
    await again.close();
  });

  test('a live holder is named to who wants to own, and shared with who reads', async () => {
    const home = newHome();
    const { child } = await startHolder(
      home,
      `await database.script('create table orrery_seen (x int4); insert into orrery_seen values (1)');
       console.log('ready'); setInterval(() => {}, 1000);`,
    );
    await expect(own(home)).rejects.toMatchObject({
      code: 'home-locked',
      message: expect.stringMatching(
        new RegExp(`held by "orrery run r_1" \\(process ${child.pid}, since 20\\d\\d-.*Z\\)`),
      ),
    });
    const readers = await Promise.all([read(home), read(home), read(home)]);
    for (const reader of readers) {
      expect(reader.kind).toBe('remote');
      expect(await reader.query('select x from orrery_seen')).toEqual([{ x: 1 }]);
      await reader.close();
    }
    await killAndWait(child);
    const successor = await own(home);
    expect(await successor.query('select x from orrery_seen')).toEqual([{ x: 1 }]);
    expect(readLock(home).pid).toBe(process.pid);
    await successor.close();
  });

  test('a reader whose holder ends goes on with the next one, and as the holder itself', async () => {
    const home = newHome();
    const table = 'create table item (number int4); insert into item values (7);';
    const holder = await startHolder(
      home,
      `await database.script(${JSON.stringify(table)}); console.log('ready');`,
    );
    const reader = await read(home);
    const numbers = () => reader.query('select number from item');
    expect(await numbers()).toEqual([{ number: 7 }]);
    await killAndWait(holder.child);
    const next = await startHolder(home, `console.log('ready');`);
    expect(await Promise.all([numbers(), numbers()])).toEqual([[{ number: 7 }], [{ number: 7 }]]);
    await killAndWait(next.child);
    expect(await numbers()).toEqual([{ number: 7 }]);
    await expect(reader.query('select nothing')).rejects.toMatchObject({ code: 'database-failed' });
    await reader.close();
    await (await own(home)).close();
  });

  test('two readers share, and who wants to own waits for them', async () => {
    const home = newHome();
    const first = await read(home);
    const second = await read(home);
    expect([first.kind, second.kind]).toEqual(['embedded', 'remote']);
    const owner = own(home);
    await second.close();
    await first.close();
    expect((await owner).kind).toBe('embedded');
    await (await owner).close();
  });

  test('where the path is too long for a socket it lies in a temporary folder, named by the lock', async () => {
    const home = join(newHome(), 'deep'.repeat(30));
    const database = await own(home);
    const { socket } = readLock(home);
    expect(socket.startsWith(tmpdir())).toBe(true);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    const reader = await read(home);
    expect(reader.kind).toBe('remote');
    await reader.close();
    await database.close();
    expect(existsSync(dirname(socket))).toBe(false);
  });

  test('a commit outlives kill -9 at any moment, and nothing else does', async () => {
    const home = newHome();
    let seen = 0;
    for (const patience of [5, 170]) {
      const { child, ...holder } = await startHolder(
        home,
        `await database.script('create table if not exists orrery_a (n int4 primary key, t text); create table if not exists orrery_b (n int4)');
         const [last] = await database.query('select coalesce(max(n), 0) as n from orrery_a');
         for (let n = last.n + 1; ; n += 1) {
           await database.transaction(async (session) => {
             await session.query("insert into orrery_a values ($1, repeat('x', 20000))", [n]);
             await session.query('insert into orrery_b values ($1)', [n]);
           });
           process.stdout.write(n + '\\n');
         }`,
      );
      let output = holder.output;
      child.stdout?.on('data', (text) => {
        output += text;
      });
      await new Promise((resolve) => setTimeout(resolve, patience));
      await killAndWait(child);
      const reported = Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
      const database = await own(home);
      const [row] = await database.query<{ n: number; rows: number; same: boolean }>(
        `select max(n) as n, count(*) as rows, array_agg(n order by n) = (select array_agg(n order by n) from orrery_b) as same
         from orrery_a`,
      );
      await database.close();
      expect(row).toEqual({ n: row?.rows, rows: row?.n, same: true });
      expect(row?.n).toBeGreaterThanOrEqual(reported);
      expect(reported).toBeGreaterThan(seen);
      seen = reported;
    }
  });

  test('its write-ahead log stays small however much is written', async () => {
    const home = newHome();
    const database = await own(home);
    await database.script(
      'create table orrery_big (t text); alter table orrery_big alter t set storage external',
    );
    for (let megabyte = 0; megabyte < 60; megabyte += 1) {
      await database.transaction(async (session) => {
        await session.query('insert into orrery_big values ($1)', [String(megabyte % 10).repeat(1_000_000)]);
        await session.query('delete from orrery_big');
      });
    }
    const log = join(home, 'database', 'pg_wal');
    const segments = readdirSync(log).filter((name) => statSync(join(log, name)).isFile());
    expect(segments.length).toBeLessThan(40);
    await database.close();
  });
});

describe('what keeps the database from being opened is said, with its place', () => {
  const [lock, socket] = ['database.lock', '.s.PGSQL.5432'];
  test.each([
    ['a folder for a lock', (home: string) => mkdirSync(join(home, lock)), 'home-locked', lock],
    ['a lock that leads nowhere', (home: string) => symlinkSync('x', join(home, lock)), 'home-locked', lock],
    ['a folder for a socket', (home: string) => mkdirSync(join(home, socket)), 'database-failed', socket],
    [
      'a file for a database',
      (home: string) => writeFileSync(join(home, 'database'), ''),
      ...['database-failed', 'database cannot be opened: it is not a folder'],
    ],
  ])('%s', async (_, spoil, code, message) => {
    const home = newHome();
    spoil(home);
    await expect(own(home)).rejects.toMatchObject({
      ...{ code, retryable: false },
      message: expect.stringContaining(home),
    });
    await expect(own(home)).rejects.toThrow(message);
  });

  test('damaged files', async () => {
    const home = newHome();
    await (await own(home)).close();
    truncateSync(join(home, 'database', 'global', 'pg_control'), 100);
    await expect(own(home)).rejects.toMatchObject({
      ...{ code: 'database-failed', retryable: false },
      message: expect.stringContaining(join(home, 'database')),
    });
    expect(existsSync(join(home, 'database.lock'))).toBe(false);
  });

  test.skipIf(!existsSync('/sys/kernel'))('a folder that takes no files', async () => {
    await expect(own('/sys/kernel')).rejects.toMatchObject({
      code: 'database-failed',
      message: expect.stringContaining('/sys/kernel cannot be written'),
    });
  });

  test.each(['foo', 'postgres://', 'postgres://user:secret@host:99999/base', 'https://host/base'])(
    'DATABASE_URL=%s',
    async (url) => {
      const refused = openDatabase({ home: newHome(), url, holder: 'a test', access: 'read' });
      await expect(refused).rejects.toMatchObject({
        ...{ code: 'configuration-invalid', hint: expect.stringContaining('postgres://USER') },
        message: expect.not.stringContaining('secret'),
      });
    },
  );
});

describe('the lock file', () => {
  const attempt = (path: string) => takeHomeLock(path, { holder: 'test', access: 'own' });
  const corpse = { host: hostname(), holder: 'orrery run r_9', access: 'own', socket: null, since: 1 };

  test('of a dead process goes to exactly one of many that want it', async () => {
    const path = join(newHome(), 'database.lock');
    // Process numbers end at 2^22 on Linux, so this one cannot be.
    writeFileSync(path, JSON.stringify({ ...corpse, pid: 2 ** 22 + 1, started: '1' }));
    const attempts = await Promise.all(Array.from({ length: 20 }, () => attempt(path)));
    expect(attempts.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(readdirSync(dirname(path))).toEqual(['database.lock']);
  });

  test('goes over even when a process died while taking it over', async () => {
    const path = join(newHome(), 'database.lock');
    const pid = 2 ** 22 + 1;
    writeFileSync(path, JSON.stringify({ ...corpse, pid, started: '1' }));
    writeFileSync(`${path}.after-${pid}-1`, JSON.stringify({ ...corpse, pid: pid + 1, started: '2' }));
    expect((await attempt(path)).kind).toBe('taken');
    expect(readdirSync(dirname(path))).toEqual(['database.lock']);
  });

  test.skipIf(!existsSync('/proc/self/stat'))(
    'is not held by another process that was given the same number',
    async () => {
      const path = join(newHome(), 'database.lock');
      writeFileSync(path, JSON.stringify({ ...corpse, pid: process.pid, started: '1' }));
      expect((await attempt(path)).kind).toBe('taken');
    },
  );

  test('of another host is respected unless its socket is dead', async () => {
    const path = join(newHome(), 'database.lock');
    const foreign = { ...corpse, host: 'elsewhere', pid: 1, started: '1' };
    writeFileSync(path, JSON.stringify(foreign));
    expect((await attempt(path)).kind).toBe('held');
    writeFileSync(path, JSON.stringify({ ...foreign, socket: join(dirname(path), 'gone') }));
    expect((await attempt(path)).kind).toBe('taken');
  });

  const dead = { ...corpse, pid: 2 ** 22 + 1, started: '1' };
  test.each([
    '',
    '[]',
    '{"pid":1,"host":"elsewhere","socket":null}',
    ...[
      { pid: 0 },
      { pid: -1 },
      { pid: 1e20 },
      { host: '' },
      { started: 'a/b' },
      { holder: 5 },
      { access: 'none' },
      { socket: 5 },
      { socket: undefined },
      { socket: 'gone' },
      { socket: '/a\0b' },
      { since: 'x' },
      { since: 1e300 },
    ].map((damage) => JSON.stringify({ ...dead, ...damage })),
  ])('that is none is not touched: %s', async (content) => {
    const path = join(newHome(), 'database.lock');
    writeFileSync(path, content);
    await expect(attempt(path)).rejects.toMatchObject({
      ...{ code: 'home-locked', retryable: false, hint: expect.stringContaining('delete') },
      message: expect.stringContaining(path),
    });
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(readdirSync(dirname(path))).toEqual(['database.lock']);
  });

  test('that names what is no socket leaves that alone when it is taken over', async () => {
    const path = join(newHome(), 'database.lock');
    const precious = join(dirname(path), 'precious');
    writeFileSync(precious, 'kept');
    writeFileSync(path, JSON.stringify({ ...dead, socket: precious }));
    expect((await attempt(path)).kind).toBe('taken');
    expect(readFileSync(precious, 'utf8')).toBe('kept');
  });
});
