import { createClient } from '@redis/client';
import type { CachePorts, ChatModel, ChatRequest, GatewayOptions, LlmSettings } from '../src/llm/index.ts';
import { built } from './built.ts';
import { callMedians } from './call-medians.ts';
import { rounded } from './median.ts';

const times = { memory: 20_000, database: 2_000, redis: 2_000 };
type Store = keyof typeof times;

const fixedClock = { now: () => Date.UTC(2026, 0, 1) };
const environment = { LOCAL_KEY: 'a-key', REDIS_URL: process.env['REDIS_URL'] || 'redis://127.0.0.1:6379' };

export interface CacheHits {
  readonly settings: LlmSettings;
  readonly question: string;
  readonly database: CachePorts['database'] & NonNullable<GatewayOptions['budgets']>;
}

/** Median milliseconds of a question whose answer is kept. */
interface CacheHit {
  /** Through the whole gateway. */
  readonly gateway: number;
  /** Through the cache and its store alone: their part of it. */
  readonly layer: number;
}

/** Of every store; null for a Redis that does not answer. */
export async function measureCacheHits(
  hits: CacheHits,
): Promise<{ readonly [Name in Store]: CacheHit | null }> {
  return {
    memory: await measureStore('memory', hits),
    database: await measureStore('database', hits),
    redis: await withRedis((forget) => measureStore('redis', hits, forget)),
  };
}

async function measureStore(
  store: Store,
  { settings, question, database }: CacheHits,
  forget: (key: string) => Promise<void> = async () => undefined,
): Promise<CacheHit> {
  const { llm } = await built();
  const { withCache, cacheKey } = await cacheParts();
  const cache: CachePorts = { clock: fixedClock, database, notices: { warn: fail, alert: fail } };
  const gateway = llm.createGateway({
    settings: { ...settings, cache: { store } },
    environment,
    recording: { kind: 'off' },
    ...{ budgets: database, cache, run: `bench-${store}` },
  });
  const { openAnswerStore } = await storeParts();
  const answers = openAnswerStore({ store }, { ...cache, environment });
  const request: ChatRequest = {
    ...{ profile: 'instant', provider: 'instant', model: 'any', temperature: null, maxTokens: 100 },
    ...{ schema: null, messages: [{ role: 'user', content: question }] },
  };
  const key = cacheKey(settings.providers, request);
  try {
    // One record asks, another finds what it was told: a record's own answer is none of the cache.
    const asked = await gateway.within('1.technical').chat(request);
    await answers.keep(key, {
      text: asked.text,
      answeredBy: asked.answeredBy,
      knownAt: fixedClock.now(),
      askedFor: null,
    });
    const layer = withCache(
      { store: answers, ttlMs: 3_600_000, clock: fixedClock, providers: settings.providers },
      { chat: fail },
    );
    const [gatewayMs, layerMs] = await callMedians(times[store], [
      hit({ chat: (one) => gateway.within('2.technical').chat(one) }, request),
      hit(layer, request),
    ]);
    return { gateway: rounded(gatewayMs!), layer: rounded(layerMs!) };
  } finally {
    await forget(`orrery:answer:${key}`);
    await gateway.close();
    await answers.close();
  }
}

function hit(model: ChatModel, request: ChatRequest): () => Promise<unknown> {
  return async () => {
    const { cacheHits } = await model.chat(request);
    if (cacheHits !== 1) throw new Error('a question was asked that the cache should have answered');
  };
}

function fail(reason: unknown): never {
  throw new Error(`the cache does not do what is to be measured: ${JSON.stringify(reason)}`);
}

async function cacheParts() {
  const file = new URL('../dist/llm/cache/with-cache.js', import.meta.url);
  return (await import(file.href)) as typeof import('../src/llm/cache/with-cache.ts');
}

async function storeParts() {
  const file = new URL('../dist/llm/cache/open-answer-store.js', import.meta.url);
  return (await import(file.href)) as typeof import('../src/llm/cache/open-answer-store.ts');
}

/** Gives the work a way to leave nothing behind in somebody's Redis. */
async function withRedis<Result>(
  work: (forget: (key: string) => Promise<void>) => Promise<Result>,
): Promise<Result | null> {
  const client = createClient({
    url: environment.REDIS_URL,
    socket: { connectTimeout: 1_000, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    return null;
  }
  try {
    return await work(async (key) => {
      await client.del(key);
    });
  } finally {
    client.destroy();
  }
}
