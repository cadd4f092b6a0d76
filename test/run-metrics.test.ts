import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics, createOrrery } from '../src/index.ts';
import { answersFromPrompt, type FakeProvider, startFakeProvider } from '../src/testing/index.ts';
import { candleCsv, walkingCandles } from './e2e/candle-csv.ts';

let folder = '';
let server: FakeProvider;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-run-metrics-'));
  const answer = answersFromPrompt();
  // Every ninth question is not answered, so that failures are counted too.
  server = await startFakeProvider(
    (request, call) => (call % 9 === 0 ? { kind: 'http', status: 500, body: '{}' } : answer(request)),
    { usage: { promptTokens: 100, responseTokens: 20 } },
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The sum of a counter over its labels. */
function sumOf(exposition: string, counter: string): number {
  const lines = exposition.split('\n').filter((line) => line.startsWith(`orrery_llm_${counter}_total{`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('what the metrics of a run add up to is what its document says', async () => {
  const candles = walkingCandles({ seed: 5, bars: 215 });
  const file = join(folder, 'ABC_1h.csv');
  writeFileSync(file, candleCsv(candles));
  const profile = { provider: 'local', model: 'scripted', usdPerMillion: { input: 3, output: 15 } };
  const llm = {
    providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl, retries: 0 } },
    profiles: { analyst: profile, chief: { ...profile, model: 'larger' } },
  };
  writeFileSync(join(folder, 'orrery.yaml'), JSON.stringify({ llm }));
  const metrics = await createMetrics();
  const orrery = createOrrery({
    cwd: folder,
    environment: { ORRERY_HOME: join(folder, 'home') },
    notices: { warn: () => undefined, alert: () => undefined },
    configFile: null,
    overrides: [],
    observers: [metrics],
  });
  const watch = { stop: new AbortController().signal };
  const ending = await orrery.run(
    {
      desk: 'solar',
      data: { kind: 'files', files: [{ symbol: 'ABC', file, format: null }] },
      from: Date.parse(candles[205]!.time),
      to: null,
      ...{ seed: 7, record: true, run: 'counted' },
    },
    watch,
  );
  if (ending.kind !== 'done') throw new Error(`the run is ${ending.kind}`);
  const text = await metrics.exposition();
  const { calls, cacheHits, inputTokens, outputTokens, costUsd } = ending.document.llm;
  expect(calls).toBeGreaterThan(20);
  expect(calls).toBe(server.requests.length);
  expect(sumOf(text, 'calls')).toBe(calls);
  expect(sumOf(text, 'cache_hits')).toBe(cacheHits);
  expect(sumOf(text, 'input_tokens')).toBe(inputTokens);
  expect(sumOf(text, 'output_tokens')).toBe(outputTokens);
  expect(sumOf(text, 'cost_usd')).toBeCloseTo(costUsd, 9);
  expect(sumOf(text, 'failures')).toBe(Math.floor(calls / 9));
  expect(text).toMatch(/calls_total\{provider="local",model="larger",agent="chief"\} \d/);

  await orrery.replay('counted', 'again', watch);
  // A replay asks nobody, and so counts nothing.
  expect(await metrics.exposition()).toBe(text);

  const { total } = await orrery.usage('counted', 'agent');
  expect(total).toMatchObject({ calls, cacheHits, inputTokens, outputTokens });
  expect(total.costUsd).toBeCloseTo(costUsd, 9);
});
