import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryJournal } from '../../test/memory-journal.ts';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { parseMoon } from '../agents/index.ts';
import { readDesk } from '../desk/index.ts';
import { type LlmSettings, recordingMigrations, type UsableProfile } from '../llm/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';
import { answersFromPrompt, type FakeBrain, type FakeRequest, startFakeProvider } from '../testing/index.ts';
import { estimateRun, type RunEstimate } from './estimate-run.ts';
import { openMarket } from './open-market.ts';
import { type RunPorts, startRun } from './perform-run.ts';
import type { RunSettings } from './run-settings.ts';

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const deskText = `
desk: small
instruments: [SYN-A, SYN-B]
timeframe: 1h
capital: 10000
agents:
  - { name: technical, role: technical, moons: [ema-50, ema-200, rsi-14, macd, bollinger-20, adx-14, swing-levels, regime] }
  - { name: sentiment, role: sentiment, sources: [news], every: 4h, required: false }
  - { name: risk, role: risk-officer, depends_on: [technical, sentiment] }
chief: { backup: chief-backup }
`;
const desk = readDesk(deskText, 'small', parseMoon);

const folder = mkdtempSync(join(tmpdir(), 'orrery-estimate-'));
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ home: folder, url: null, holder: 'a test', access: 'own' });
  await migrate(database, recordingMigrations);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const usable = (name: string, maxTokens: number): UsableProfile => ({
  ...{ name, provider: 'local', model: name, temperature: null, maxTokens },
});
const profiles: RunSettings['profiles'] = {
  ...{ analyst: usable('analyst', 400), risk: usable('analyst', 400) },
  ...{ chief: usable('chief', 600), 'chief-backup': usable('spare', 600) },
};

function settingsFor(baseUrl: string, price = { input: 3, output: 15 }): LlmSettings {
  const profile = (model: string, maxTokens: number) => ({
    provider: 'local',
    model,
    maxTokens,
    usdPerMillion: price,
  });
  return {
    providers: { local: { kind: 'openai-compatible', baseUrl, retries: 0 } },
    profiles: {
      analyst: profile('analyst', 400),
      chief: profile('chief', 600),
      spare: profile('spare', 600),
    },
  };
}

const request = {
  data: { kind: 'synthetic', market: { symbols: ['SYN-A', 'SYN-B'], timeframe: '1h', bars: 220, start } },
  ...{ from: start + 195 * hour, to: start + 215 * hour, seed: 9 },
} as const;

/** What a recorded run was told that it would cost, and what it cost. */
async function estimatedAndSpent(run: string, brain: FakeBrain) {
  const server = await startFakeProvider(brain);
  const market = await openMarket(request);
  const settings: RunSettings = {
    ...{ ...request, version: '0', desk: { name: 'small', text: deskText }, prompts: shippedPrompts },
    ...{ record: true, replayOf: null, llm: settingsFor(server.baseUrl), profiles },
    hashes: Object.fromEntries(market.instruments.map(({ symbol, sha256 }) => [symbol, sha256])),
  };
  const ports: RunPorts = {
    ...{ journal: memoryJournal(), database, environment: {}, observers: [] },
    storedKeys: { keyOf: () => null, readableKeys: () => [] },
    notices: { warn: () => undefined, alert: () => undefined },
    trials: { note: () => ({ count: 1, sharpeVariance: 0 }) },
    reportPath: () => '/reports/r.html',
    dataFolder: () => '/run-data/r',
  };
  let estimate: RunEstimate | undefined;
  const onEstimate = (told: RunEstimate) => {
    expect(server.requests).toEqual([]);
    estimate = told;
  };
  const stop = new AbortController().signal;
  const ending = await startRun(ports, { run, settings, spec: desk, market }, { stop, onEstimate });
  await server.close();
  if (ending.kind !== 'done' || estimate === undefined)
    throw new Error('the run was not estimated, or not done');
  return { estimate, spent: ending.document.llm };
}

/** Characters of all that a provider reads. */
const lengthOf = ({ system, messages, schema }: FakeRequest) =>
  JSON.stringify([system, messages, schema]).length;

test('a run costs about what was told before it, and never more than the bound', async () => {
  const prompted = answersFromPrompt();
  const { estimate, spent } = await estimatedAndSpent('usual', (request) => {
    // As models count: prose takes a token for four characters, an answer with its reasons a few hundred.
    const usage = { promptTokens: Math.ceil(lengthOf(request) / 4), responseTokens: 200 };
    return { ...prompted(request), usage };
  });
  expect(estimate.models).toBe(3);
  expect(spent.calls).toBeLessThanOrEqual(estimate.most.calls);
  expect(spent.costUsd).toBeLessThanOrEqual(estimate.most.usd);
  expect(estimate.likely.calls / spent.calls).toBeGreaterThan(0.7);
  expect(estimate.likely.calls / spent.calls).toBeLessThan(1.4);
  expect(estimate.likely.usd / spent.costUsd).toBeGreaterThan(0.7);
  expect(estimate.likely.usd / spent.costUsd).toBeLessThan(1.4);
});

test('nor does one whose models need a repair each time and talk as long as they may', async () => {
  const prompted = answersFromPrompt();
  const { estimate, spent } = await estimatedAndSpent('worst', (request) => {
    const { messages, maxTokens } = request;
    const usage = { promptTokens: Math.ceil(lengthOf(request) / 2.5), responseTokens: maxTokens! };
    if (messages.length === 1) return { kind: 'text', text: 'word '.repeat(maxTokens!), usage };
    return { ...prompted({ ...request, messages: messages.slice(0, 1) }), usage };
  });
  expect(spent.calls).toBeGreaterThan(100);
  expect(spent.calls).toBeLessThanOrEqual(estimate.most.calls);
  expect(spent.costUsd).toBeLessThanOrEqual(estimate.most.usd);
  expect(spent.costUsd).toBeGreaterThan(estimate.most.usd / 10);
});

test('questions are counted by cadence, warm-up and rungs', async () => {
  const market = await openMarket(request);
  const llm = settingsFor('http://127.0.0.1:1/v1');
  const of = (names: readonly string[], news = market.news) => {
    const asked = Object.fromEntries(
      Object.entries(profiles).map(([name, one]) => [name, names.includes(name) ? one : null]),
    );
    const estimate = estimateRun({ llm, profiles: asked, prompts: shippedPrompts }, desk, {
      ...market,
      news,
    });
    return estimate === null ? null : [estimate.likely.calls, estimate.most.calls / 2];
  };
  // 20 bars of two instruments, the first 4 of them before ema-200 is warm; sentiment on the first and on four multiples of four hours.
  expect(of(['chief'])).toEqual([32, 40]);
  expect(of(['chief', 'chief-backup'])).toEqual([32, 80]);
  expect(of(['risk'])).toEqual([8, 80]);
  expect(of(['analyst'], null)).toEqual([32, 32]);
  expect(of(['analyst'])).toEqual([32 + 10, 32 + 10]);
});

test('nothing is told where nothing costs money', async () => {
  const market = await openMarket(request);
  const llm = settingsFor('http://127.0.0.1:1/v1', { input: 0, output: 0 });
  expect(estimateRun({ llm, profiles, prompts: shippedPrompts }, desk, market)).toBeNull();
  const rules = { chief: null };
  const priced = settingsFor('http://127.0.0.1:1/v1');
  expect(estimateRun({ llm: priced, profiles: rules, prompts: shippedPrompts }, desk, market)).toBeNull();
});
