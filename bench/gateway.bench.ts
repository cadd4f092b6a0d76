import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PGlite } from '@electric-sql/pglite';
import type { ChatRequest, LlmSettings } from '../src/llm/index.ts';
import { bareAiSdk } from './bare-ai-sdk.ts';
import { built } from './built.ts';
import { measureCacheHits } from './cache-hits.ts';
import { callMedians } from './call-medians.ts';
import { median, rounded } from './median.ts';

const question = 'Instrument BTCUSDT\n[e1] ema-50 = 101.5 USDT\n[e2] ema-200 = 100 USDT\nUp or down?';
const sequential = 2_000;
const concurrent = 256;
const many = 20_000;
const soak = 300_000;

/**
 * A call through the gateway with budgets, limits, circuit, failover and accounting, beside a plain `fetch` of the same server
 * and beside the AI SDK, by turns in one process; the server answers at once, in a process of its own. Then the gateway's own
 * work alone, on a provider that answers in process, what 300,000 such calls leave on the heap, and what a question costs that
 * the cache answers.
 */
export async function measure(): Promise<object> {
  const upstream = fork(join(import.meta.dirname, 'instant-upstream.mjs'), { execArgv: [] });
  try {
    const baseUrl = `http://127.0.0.1:${await portOf(upstream)}/v1`;
    const database = await openDatabase();
    const gateway = await open(baseUrl, database);
    const { ask, askVendor, askInstant } = gateway;
    for (const [provider, call] of [
      ['local', ask],
      ['vendor', askVendor],
      ['instant', askInstant],
    ] as const) {
      const answer = await call();
      if (answer.provider !== provider) throw new Error(`${provider} failed over to ${answer.provider}`);
    }
    const direct = () => fetchOnce(baseUrl);
    const bareSdk = bareAiSdk(baseUrl, question);
    const [fetchMs, gatewayMs, sdkMs, vendorMs] = await callMedians(sequential, [
      direct,
      ask,
      bareSdk,
      askVendor,
    ]);
    const fetchRate = await rate(direct);
    const gatewayRate = await rate(ask);
    const [ownMs] = await callMedians(10 * sequential, [askInstant]);
    const heap = await heapThirds(askInstant);
    await gateway.close();
    const cacheHit = await measureCacheHits({ settings: gateway.settings, question, database });
    await database.close();
    return {
      unit: 'ms, the median call',
      call: {
        fetch: rounded(fetchMs!),
        gateway: rounded(gatewayMs!),
        bareAiSdk: rounded(sdkMs!),
        gatewayOverAiSdkAdapter: rounded(vendorMs!),
      },
      ownLogicMicroseconds: rounded(ownMs! * 1_000),
      cacheHit,
      callsPerSecondAt256: { fetch: rounded(fetchRate), gateway: rounded(gatewayRate) },
      ratios: {
        gatewayBeyondFetchMs: rounded(gatewayMs! - fetchMs!),
        adapterBeyondAiSdkMs: rounded(vendorMs! - sdkMs!),
        rateToFetch: rounded(gatewayRate / fetchRate),
        heapLastThirdToFirst: rounded(heap.last / heap.first),
      },
      soak: {
        calls: soak,
        heapMegabytes: { first: rounded(heap.first / 2 ** 20), last: rounded(heap.last / 2 ** 20) },
      },
    };
  } finally {
    upstream.kill();
  }
}

async function portOf(upstream: ChildProcess): Promise<number> {
  const [port] = await once(upstream, 'message');
  return port as number;
}

async function openDatabase() {
  const { llm } = await built();
  const pglite = await PGlite.create();
  for (const { sql } of [...llm.budgetMigrations, ...llm.cacheMigrations]) await pglite.exec(sql);
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, [...parameters])).rows,
    close: () => pglite.close(),
  };
}

/** Everything on but the recording, which is the database's time: each kind of provider asked through the same gateway. */
async function open(baseUrl: string, budgets: Awaited<ReturnType<typeof openDatabase>>) {
  const { llm } = await built();
  const limits = { requestsPerMinute: 1e9, tokensPerMinute: 1e15 };
  const profile = { model: 'any', maxTokens: 100, usdPerMillion: { input: 3, output: 15 } };
  const settings: LlmSettings = {
    providers: {
      local: { kind: 'openai-compatible', baseUrl, apiKeyEnv: 'LOCAL_KEY', ...limits },
      vendor: { kind: 'openai', baseUrl, apiKeyEnv: 'LOCAL_KEY', ...limits },
      instant: { kind: 'plugin', module: join(import.meta.dirname, 'instant-provider.mjs'), ...limits },
    },
    profiles: {
      local: { ...profile, provider: 'local', fallback: ['vendor'] },
      vendor: { ...profile, provider: 'vendor', fallback: ['local'] },
      instant: { ...profile, provider: 'instant', fallback: ['local'] },
    },
    budget: { usdPerCall: 1, usdPerRun: 1e5, usdPerAgent: 1e5, usdPerDay: 1e5, tokensPerDay: 1e12 },
  };
  const gateway = llm.createGateway({
    settings,
    environment: { LOCAL_KEY: 'a-key' },
    recording: { kind: 'off' },
    budgets,
    run: 'bench',
  });
  const asking = (name: string) => {
    const request: ChatRequest = {
      ...{ profile: name, provider: name, model: 'any', temperature: null, maxTokens: 100, schema: null },
      messages: [{ role: 'user', content: question }],
    };
    return () => gateway.within('1.technical').chat(request);
  };
  return {
    settings,
    ask: asking('local'),
    askVendor: asking('vendor'),
    askInstant: asking('instant'),
    close: () => gateway.close(),
  };
}

async function fetchOnce(baseUrl: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer a-key' },
    body: JSON.stringify({
      model: 'any',
      messages: [{ role: 'user', content: question }],
      stream: false,
      max_tokens: 100,
    }),
  });
  return await response.json();
}

async function rate(work: () => Promise<unknown>): Promise<number> {
  let left = many;
  const started = performance.now();
  const worker = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: concurrent }, worker));
  return (many / (performance.now() - started)) * 1_000;
}

/** Median heap after collection, in the first third of many calls and in the last. */
async function heapThirds(
  work: () => Promise<unknown>,
): Promise<{ readonly first: number; readonly last: number }> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const samples: number[] = [];
  for (let time = 0; time < 30; time++) {
    for (let call = 0; call < soak / 30; call++) await work();
    collectGarbage();
    samples.push(process.memoryUsage().heapUsed);
  }
  return { first: median(samples.slice(0, 10)), last: median(samples.slice(20)) };
}
