import { describe, expect, test } from 'vitest';
import { cacheKey } from '../../src/llm/cache/with-cache.ts';
import type { ChatRequest } from '../../src/llm/index.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { answersFromPrompt, type FakeProvider } from '../../src/testing/index.ts';
import { comparable } from './comparable.ts';
import { decisionRecords, type RunDocument, runDocument } from './documents.ts';
import { openModelPlace, openServer, runWords } from './model-place.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { redisServer, removeFromRedis, testOnRedis } from './redis.ts';
import type { Workplace } from './workplace.ts';

/** A run, and the same again: without a call, for nothing, to the same decisions, and repeated by a replay. */
async function runTwice(place: Workplace, server: FakeProvider): Promise<void> {
  const first = await place.json(runDocument, ...runWords(place, 'first'));
  const asked = server.requests.length;
  expect(first.sources).toMatchObject({ llm: 30, cache: 0 });
  expect(first.llm).toMatchObject({ calls: asked, cacheHits: 0 });
  const second = await place.json(runDocument, ...runWords(place, 'second'));
  expect(server.requests).toHaveLength(asked);
  expect(second.sources).toMatchObject({ llm: 0, cache: 30 });
  expect(second.llm).toEqual({
    ...{ calls: 0, cacheHits: asked, inputTokens: 0, outputTokens: 0, costUsd: 0, recordedCostUsd: 0 },
  });
  await expectSameDecisions(place);
  await expectReplayed(place, second);
}

async function expectSameDecisions(place: Workplace): Promise<void> {
  const decided = async (run: string) =>
    (await place.json(decisionRecords, 'decisions', 'list', '--run', run)).map((record) => ({
      ...comparable(record),
      ...{ source: 'any', costUsd: 0, promptTokens: 0, responseTokens: 0 },
    }));
  expect(await decided('second')).toEqual(await decided('first'));
}

async function expectReplayed(place: Workplace, original: RunDocument): Promise<void> {
  const replayed = await place.json(runDocument, 'run', '--replay', original.run);
  const { hash, sources, llm } = original;
  expect(replayed).toMatchObject({ hash, sources, llm });
}

describe('a run that was made before', () => {
  test('is answered from the database', async () => {
    const server = await openServer(answersFromPrompt());
    const cache = { store: 'database' };
    const place = openModelPlace({ providers: { local: server.baseUrl }, cache });
    await runTwice(place, server);
    // Off unless asked for: what the database holds does not matter to who did not.
    const asked = server.requests.length;
    const words = runWords(place, 'without');
    place.write('orrery.yaml', JSON.stringify(settingsOf(server)));
    const without = await place.json(runDocument, ...words);
    expect(without.llm).toMatchObject({ calls: asked, cacheHits: 0 });
  });

  testOnPostgres('is answered from PostgreSQL', async () => {
    const server = await openServer(answersFromPrompt());
    const setup = { providers: { local: server.baseUrl }, cache: { store: 'database' } };
    await runTwice(openModelPlace(setup, { DATABASE_URL: await newSchema() }), server);
  });

  testOnRedis('is answered from Redis, also in another home', async () => {
    const server = await openServer(answersFromPrompt());
    const setup = { providers: { local: server.baseUrl }, cache: { store: 'redis' } };
    const place = openModelPlace(setup, { REDIS_URL: redisServer });
    try {
      await runTwice(place, server);
      const asked = server.requests.length;
      const other = openModelPlace(setup, { REDIS_URL: redisServer });
      const elsewhere = await other.json(runDocument, ...runWords(other, 'elsewhere'));
      expect(elsewhere.llm).toMatchObject({ calls: 0, cacheHits: asked });
    } finally {
      await removeFromRedis(await keysOf(place, server));
    }
  });
});

test('a Redis that is named nowhere is said before anything is run', async () => {
  const cache = { store: 'redis' };
  const place = openModelPlace({ providers: { local: 'http://127.0.0.1:9/v1' }, cache });
  const { exitCode, error } = await place.refusal(...runWords(place, 'a'));
  expect(exitCode).toBe(2);
  expect(error.message).toBe('llm.cache.store is redis, and $REDIS_URL is not set');
  expect((await place.run('runs', 'list', '--json')).stdout.trim()).toBe('[]');
});

test('a Redis that nobody runs costs the cache, not the run', async () => {
  const server = await openServer(answersFromPrompt());
  const setup = { providers: { local: server.baseUrl }, cache: { store: 'redis' } };
  const place = openModelPlace(setup, { REDIS_URL: 'redis://127.0.0.1:1' });
  const { exitCode, stderr } = await place.run(...runWords(place, 'a'));
  expect(exitCode).toBe(0);
  expect(stderr.match(/the cache of answers/g)).toHaveLength(1);
});

const settingsOf = ({ baseUrl }: FakeProvider) => ({
  llm: {
    providers: { local: { kind: 'openai-compatible', baseUrl } },
    profiles: { analyst: { provider: 'local', model: 'scripted' } },
  },
});

/** Under which the questions of the first run lie in Redis. */
async function keysOf({ home }: Workplace, server: FakeProvider): Promise<readonly string[]> {
  const database = await openDatabase({ home, url: null, holder: 'the tests', access: 'own' });
  const sql = `select request from orrery_recording where run = 'first'`;
  const rows = await database.query<{ request: string }>(sql);
  await database.close();
  const providers = { local: { kind: 'openai-compatible', baseUrl: server.baseUrl } } as const;
  return rows.map(
    ({ request }) => `orrery:answer:${cacheKey(providers, JSON.parse(request) as ChatRequest)}`,
  );
}
