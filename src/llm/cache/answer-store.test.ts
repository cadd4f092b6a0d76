import { createServer, type Server } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answerStoreCases } from '../../../test/answer-store-cases.ts';
import type { CacheSettings } from './cache-settings.ts';
import { type CacheDatabase, cacheMigrations, createDatabaseStore } from './database-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { openAnswerStore } from './open-answer-store.ts';

let pglite: PGlite;
let database: CacheDatabase;
beforeAll(async () => {
  pglite = await PGlite.create();
  for (const { sql } of cacheMigrations) await pglite.exec(sql);
  database = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
  };
});
afterAll(() => pglite.close());

answerStoreCases('memory', test, async () => createMemoryStore(100));
answerStoreCases('database', test, async () => createDatabaseStore(database, 100));

const said = (text: string) => ({ text, answeredBy: 'any', knownAt: 1, askedFor: null });

describe('a full store', () => {
  const heldBy = async (store: ReturnType<typeof createMemoryStore>) => {
    const found = await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.find(key)));
    return found.map((answer) => answer?.text ?? null);
  };

  test('in memory forgets what was not used for the longest time', async () => {
    const store = createMemoryStore(2);
    await store.keep('a', said('1'));
    await store.keep('b', said('2'));
    await store.find('a');
    await store.keep('c', said('3'));
    expect(await heldBy(store)).toEqual(['1', null, '3', null]);
  });

  test('in the database forgets what was kept the longest time ago', async () => {
    await pglite.exec('delete from orrery_cached_answer');
    const store = createDatabaseStore(database, 2);
    await store.keep('a', said('1'));
    await store.keep('b', said('2'));
    await store.keep('a', said('1 anew'));
    await store.keep('c', said('3'));
    expect(await heldBy(store)).toEqual(['1 anew', null, '3', null]);
  });
});

describe('a store that does not work', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });
  const open = (settings: CacheSettings, environment = {}, broken: CacheDatabase = database) => {
    const warnings: string[] = [];
    const notices = { warn: (text: string) => warnings.push(text), alert: () => undefined };
    return { store: openAnswerStore(settings, { environment, database: broken, notices }), warnings };
  };

  test('holds nothing, and is spoken of once', async () => {
    const broken = { query: () => Promise.reject(new Error('no such table')) };
    const { store, warnings } = open({ store: 'database' }, {}, broken);
    await store.keep('a', said('1'));
    expect([await store.find('a'), await store.find('b')]).toEqual([null, null]);
    expect(warnings).toEqual([
      'the cache of answers (database) does not work, so models are asked instead: no such table',
    ]);
  });

  test('holds nothing where its row was damaged', async () => {
    const { store, warnings } = open({ store: 'database' });
    await store.keep('damaged', said('1'));
    await pglite.exec(`update orrery_cached_answer set answer = '{"text":1}' where key = 'damaged'`);
    expect(await store.find('damaged')).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  test('as a Redis nobody runs, is given up at once', async () => {
    const { store, warnings } = open({ store: 'redis' }, { REDIS_URL: 'redis://:secret@127.0.0.1:1' });
    await store.keep('a', said('1'));
    expect(await store.find('a')).toBeNull();
    await store.close();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^the cache of answers \(redis\) does not work/);
    expect(warnings[0]).not.toContain('secret');
  });

  test('as a Redis that accepts and is silent, is given up within a second or two', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined).resume());
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { readonly port: number };
    const { store, warnings } = open({ store: 'redis' }, { REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(await store.find('a')).toBeNull();
    await store.close();
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ['not set', {}],
    ['not set', { REDIS_URL: '' }],
    ['no address of a Redis', { REDIS_URL: 'http://user:secret@127.0.0.1' }],
    ['no address of a Redis', { REDIS_URL: 'secret' }],
  ])('as a Redis whose address is %s, is a wrong configuration', (what, environment) => {
    expect(() => open({ store: 'redis' }, environment)).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: `llm.cache.store is redis, and $REDIS_URL is ${what}`,
      }),
    );
  });
});
