import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../testing/index.ts';
import { askStructured } from '../ask-structured.ts';
import { budgetMigrations } from '../budget/lease-store.ts';
import type { ChatRequest } from '../chat.ts';
import { createGateway, type RecordingMode } from '../create-gateway.ts';
import { recordingMigrations } from '../recording-store.ts';
import { type CacheDatabase, cacheMigrations } from './database-store.ts';

const at = Date.UTC(2024, 0, 1);
const request: ChatRequest = {
  ...{ profile: 'chief', provider: 'dead', model: 'any' },
  messages: [{ role: 'user', content: 'What is the trend?' }],
  ...{ temperature: null, maxTokens: null, schema: null },
};

let pglite: PGlite;
let database: CacheDatabase;
let server: FakeProvider;
let dead: FakeProvider;
beforeAll(async () => {
  pglite = await PGlite.create();
  for (const { sql } of [...cacheMigrations, ...recordingMigrations, ...budgetMigrations])
    await pglite.exec(sql);
  database = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
  };
});
afterAll(() => pglite.close());
beforeEach(async () => {
  await pglite.exec('delete from orrery_cached_answer; delete from orrery_recording');
  server = await startFakeProvider((_request, call) => ({ kind: 'text', text: `answer ${call}` }), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
  dead = await startFakeProvider(() => ({ kind: 'http', status: 503, body: 'busy' }));
});
afterEach(() => Promise.all([server.close(), dead.close()]));

/** Profile `chief` is at a server that fails, and falls back on `analyst`, at one that answers. */
function open(recording: RecordingMode, scope: string) {
  const provider = ({ baseUrl }: FakeProvider) =>
    ({ kind: 'openai-compatible', baseUrl, retries: 0 }) as const;
  const priced = { model: 'any', usdPerMillion: { input: 3, output: 15 } };
  const gateway = createGateway({
    settings: {
      providers: { dead: provider(dead), local: provider(server) },
      profiles: {
        chief: { provider: 'dead', ...priced, fallback: ['analyst'] },
        analyst: { provider: 'local', ...priced },
      },
      budget: { usdPerRun: 1 },
      cache: { store: 'database' },
    },
    environment: {},
    recording,
    budgets: database,
    cache: {
      clock: { now: () => at },
      database,
      notices: { warn: (text) => expect.fail(text), alert: (text) => expect.fail(text) },
    },
  });
  return gateway.within(scope);
}
const record = (run: string): RecordingMode => ({ kind: 'record', run, database });
const direct = { ...request, profile: 'analyst', provider: 'local' };

test('a hit is recorded as one: it is resumed and replayed as such, and never paid', async () => {
  const first = await open(record('a'), '7.technical').chat(direct);
  const hit = await open(record('b'), '7.technical').chat(direct);
  expect(first).toMatchObject({ costUsd: 0.0006, calls: 1, cacheHits: 0 });
  expect(hit).toMatchObject({ text: 'answer 1', costUsd: 0, promptTokens: 0, calls: 0, cacheHits: 1 });
  await pglite.exec('delete from orrery_cached_answer');
  const resumed = await open(record('b'), '7.technical').chat(direct);
  const replayed = await open({ kind: 'replay', run: 'b', database }, '7.technical').chat(direct);
  for (const again of [resumed, replayed]) expect(again).toEqual({ ...hit, recorded: true });
  expect(server.requests).toHaveLength(1);
});

test('what a fallback said is kept under its own name, and counts as a hit though another failed before', async () => {
  await open(record('a'), '7.chief').chat(request);
  const again = await open(record('b'), '7.chief').chat(request);
  expect(again).toMatchObject({ text: 'answer 1', provider: 'local', calls: 0, cacheHits: 1, costUsd: 0 });
  expect(await open(record('c'), '7.technical').chat(direct)).toMatchObject({ cacheHits: 1 });
  expect([dead.requests.length, server.requests.length]).toEqual([2, 1]);
});

test('a killed run that asks again for its record is not answered by itself', async () => {
  await open(record('a'), '7.technical').chat(direct);
  await pglite.exec('delete from orrery_recording');
  expect(await open(record('a'), '7.technical').chat(direct)).toMatchObject({
    text: 'answer 2',
    cacheHits: 0,
  });
});

test('an answer that needed a repair turn is kept from that turn on', async () => {
  const { messages, profile: name, ...route } = direct;
  const ask = (run: string) =>
    askStructured({
      model: open(record(run), '7.technical'),
      profile: { name, ...route },
      messages,
      schema: { name: 'technical', schema: { type: 'object' } },
      repairMessage: (problems) => problems,
    });
  server.answerWith(({ messages: said }) => ({ kind: 'text', text: said.length > 1 ? '{}' : 'no JSON' }));
  const first = await ask('a');
  const second = await ask('b');
  expect([first.spent, second.spent].map(({ calls, cacheHits }) => [calls, cacheHits])).toEqual([
    [2, 0],
    [1, 1],
  ]);
  expect(second.raw).toBe('{}');
});
