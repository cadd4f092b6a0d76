import { setImmediate as turn } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import { wallClock } from '../core/index.ts';
import type { BudgetSettings } from './budget/budget.ts';
import { budgetMigrations, createLeaseStore, type LeaseStore } from './budget/lease-store.ts';
import { Ledger } from './budget/ledger.ts';
import { costOf, mostCostOf } from './budget/price.ts';
import type { ChatRequest, ChatResponse } from './chat.ts';
import { noChatCost } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { recordCalls } from './record-calls.ts';
import type { Recording } from './recording.ts';
import type { RecordingStore } from './recording-store.ts';
import { createRedact } from './redact.ts';
import { replayCalls } from './replay-calls.ts';
import { withBudget } from './with-budget.ts';

const price = { input: 3, output: 15 };
const request: ChatRequest = {
  ...{
    profile: 'analyst',
    provider: 'local',
    model: 'any',
    temperature: null,
    maxTokens: 1_000,
    schema: null,
  },
  messages: [{ role: 'user', content: 'Up?' }],
};
/** 34 tokens of prompt and 1,000 of answer. */
const most = mostCostOf(price, request);

/** One process and its purses. */
function memory(): LeaseStore & { readonly purses: Map<string, number> } {
  const purses = new Map<string, number>();
  const leased = async (purse: string) => purses.get(purse) ?? 0;
  return {
    purses,
    keep: async () => undefined,
    standing: async (purse) => ({ leased: await leased(purse), others: 0 }),
    async take(purse, cap, needed, wanted) {
      const before = purses.get(purse) ?? 0;
      if (before + needed > cap) return 0;
      const amount = Math.min(wanted, cap - before);
      purses.set(purse, before + amount);
      return amount;
    },
    async overdraw(purse, amount) {
      purses.set(purse, (await leased(purse)) + amount);
    },
    async giveBack(purse, amount) {
      purses.set(purse, (await leased(purse)) - amount);
    },
  };
}

function budgeted(
  budget: BudgetSettings,
  answer: () => ChatResponse,
  answered: () => Promise<unknown> = turn,
) {
  const store = memory();
  const ledger = new Ledger(store);
  let asked = 0;
  const model = withBudget(
    { budget, ledger, run: 'r', variantsOf: (one) => [{ request: one, price }] },
    {
      async chat() {
        asked++;
        await answered();
        return answer();
      },
    },
  );
  return { model, ledger, store, asked: () => asked };
}

const usage = { promptTokens: 20, responseTokens: 60 };
const dear = () => answerOf('up', { ...usage, costUsd: costOf(price, { ...noChatCost, ...usage }) });

describe('a budget', () => {
  test('of a dollar is not exceeded by 256 questions at once, and refuses only what does not fit any more', async () => {
    const { model, ledger, store, asked } = budgeted({ usdPerRun: 1 }, () =>
      answerOf('up', { costUsd: 0.005, ...usage }),
    );
    const ended = await Promise.allSettled(Array.from({ length: 256 }, () => model.chat(request)));
    const answered = ended.filter(({ status }) => status === 'fulfilled').length;
    // The last that still fits leaves less than a worst case.
    expect(answered).toBe(Math.floor((1 - most) / 0.005) + 1);
    expect(asked()).toBe(answered);
    await ledger.close();
    expect(store.purses.get('run r usd')).toBe(answered * 5_000_000);
  });

  test('says which limit, what the question may take, and what is left', async () => {
    const { model } = budgeted({ usdPerDay: 0.016 }, dear);
    await model.chat(request);
    await expect(model.chat(request)).rejects.toMatchObject({
      code: 'budget-exceeded',
      message:
        'the budget of the day is spent: a question to analyst may take $0.0151, and llm.budget.usdPerDay ($0.016) has $0.015 left',
    });
  });

  test('says whose length of answer is to be set, where that is most of what a question may take', async () => {
    const { model } = budgeted({ usdPerRun: 0.0625 }, dear);
    const unbounded = { ...request, maxTokens: null };
    await model.chat(unbounded);
    await model.chat({ ...request, maxTokens: 1_000 });
    await expect(model.chat(unbounded)).rejects.toMatchObject({
      code: 'budget-exceeded',
      message: expect.stringContaining('the budget of this run is spent'),
      hint: expect.stringContaining('Set maxTokens of analyst'),
      spent: { calls: 0, turnedAway: 1 },
    });
  });

  test('of a call is told at once, and asks nobody', async () => {
    const { model, asked } = budgeted({ usdPerCall: most / 2 }, dear);
    await expect(model.chat(request)).rejects.toMatchObject({ code: 'budget-exceeded', retryable: false });
    expect(asked()).toBe(0);
  });

  test('refuses what is dearer than all of it without asking the database', async () => {
    const { model, asked, store } = budgeted({ usdPerRun: 1 }, dear);
    const absurd = { ...request, maxTokens: 9e15 };
    await expect(model.chat(absurd)).rejects.toMatchObject({ code: 'budget-exceeded' });
    expect(asked()).toBe(0);
    expect(store.purses.size).toBe(0);
  });

  test('in which a question waits until its time is up is a failure that names it', async () => {
    const { model, asked } = budgeted(
      { usdPerRun: 0.02 },
      dear,
      () => new Promise((go) => setTimeout(go, 200)),
    );
    const first = model.chat(request);
    const signal = AbortSignal.timeout(50);
    await expect(model.chat(request, { signal })).rejects.toMatchObject({
      name: 'ChatError',
      code: 'budget-exceeded',
      retryable: false,
      message: expect.stringContaining('no room in llm.budget (usdPerRun) within the agent'),
    });
    await expect(model.chat(request, { signal })).rejects.toMatchObject({ code: 'provider-failed' });
    await first;
    expect(asked()).toBe(1);
  });

  test('refuses in a replay what it refused in the run, and takes nothing', async () => {
    const { model, store, asked } = budgeted({ usdPerRun: 0.016 }, dear);
    const kept = new Map<string, Recording>();
    const recordings: RecordingStore = {
      find: async (id) => kept.get(id) ?? null,
      inScope: async () => [...kept.values()],
      save: async (recording) => void kept.set(recording.id, recording),
    };
    const plain = createRedact({ providers: {}, profiles: {} }, {});
    const recording = recordCalls(recordings, plain, 'r', '1.technical', model);
    await recording.chat(request);
    const refusal = await recording.chat(request).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      code: 'budget-exceeded',
      spent: { calls: 0, turnedAway: 1, costUsd: 0 },
    });
    const booked = new Map(store.purses);
    const replay = replayCalls(recordings, () => plain, 'r', '1.technical');
    await replay.chat(request);
    const again = await replay.chat(request).catch((thrown: unknown) => thrown);
    const { code, message, hint } = refusal as ChatError;
    expect(again).toMatchObject({ code, message, hint, spent: { calls: 0, turnedAway: 1, costUsd: 0 } });
    expect(store.purses).toEqual(booked);
    expect(asked()).toBe(1);
  });

  test('in which a question waits lets it go when it is interrupted', async () => {
    const { model } = budgeted({ usdPerRun: 0.02 }, dear, () => new Promise((go) => setTimeout(go, 200)));
    const first = model.chat(request);
    const stop = new AbortController();
    const waits = model.chat(request, { signal: stop.signal });
    stop.abort();
    await expect(waits).rejects.toMatchObject({ code: 'interrupted' });
    await first;
  });

  test('of an agent leaves the others alone', async () => {
    const { model } = budgeted({ tokensPerAgent: 1_100 }, dear);
    await model.chat(request, { agent: 'technical' });
    await expect(model.chat(request, { agent: 'technical' })).rejects.toThrow(
      'tokensPerAgent (1100 tokens) has 1020',
    );
    await model.chat(request, { agent: 'sentiment' });
  });

  test('books nothing for a call that failed without a bill, and the bill of one that had it', async () => {
    let spent = 0;
    const { model, ledger, store } = budgeted({ usdPerRun: 1 }, () => {
      throw new ChatError('provider-failed', 'down', { spent: { ...noChatCost, costUsd: spent } });
    });
    await expect(model.chat(request)).rejects.toThrow('down');
    spent = 0.25;
    await expect(model.chat(request)).rejects.toThrow('down');
    await ledger.close();
    expect(store.purses.get('run r usd')).toBe(250_000_000);
  });

  test('without limits costs nothing', () => {
    const next = { chat: async () => dear() };
    const options = { budget: {}, ledger: new Ledger(memory()), run: 'r', variantsOf: () => [] };
    expect(withBudget(options, next)).toBe(next);
  });
});

describe('a budget of a day', () => {
  let pglite: PGlite;
  let store: LeaseStore;
  beforeAll(async () => {
    pglite = await PGlite.create();
    for (const { sql } of budgetMigrations) await pglite.exec(sql);
    store = createLeaseStore({
      async query<Row>(sql: string, parameters: readonly unknown[] = []) {
        return (await pglite.query<Row>(sql, [...parameters])).rows;
      },
    });
  });
  afterAll(() => pglite.close());
  beforeEach(async () => {
    await pglite.exec('delete from orrery_budget; delete from orrery_budget_holder');
  });
  afterEach(() => vi.restoreAllMocks());

  const at = (time: string) => vi.spyOn(wallClock, 'now').mockReturnValue(Date.parse(time));
  const leased = async (day: string) => (await store.standing(`day ${day} usd`)).leased / 1e9;

  /** A process that may spend two dollars a day and takes one with each question. */
  function openProcess(answered: () => Promise<unknown> = turn) {
    const ledger = new Ledger(store);
    const variantsOf = (one: ChatRequest) => [{ request: one, price }];
    const model = withBudget(
      { budget: { usdPerDay: 2 }, ledger, run: 'r', variantsOf },
      {
        async chat() {
          await answered();
          return answerOf('up', { costUsd: 1 });
        },
      },
    );
    return { model, ledger };
  }

  test('ends at midnight UTC: what was spent yesterday does not count today', async () => {
    const { model, ledger } = openProcess();
    at('2026-03-01T23:59:58Z');
    await model.chat(request);
    await model.chat(request);
    const third = {
      code: 'budget-exceeded',
      message: expect.stringContaining('llm.budget.usdPerDay ($2.00)'),
    };
    await expect(model.chat(request)).rejects.toMatchObject(third);
    at('2026-03-02T00:00:00Z');
    await model.chat(request);
    await model.chat(request);
    await expect(model.chat(request)).rejects.toMatchObject(third);
    await ledger.close();
    expect([await leased('2026-03-01'), await leased('2026-03-02')]).toEqual([2, 2]);
  });

  test('counts for another process of the same day, and for none of the next', async () => {
    const [one, other] = [openProcess(), openProcess()];
    at('2026-03-01T08:00:00Z');
    for (let time = 0; time < 2; time++) await one.model.chat(request);
    await one.ledger.close();
    await expect(other.model.chat(request)).rejects.toMatchObject({ code: 'budget-exceeded' });
    at('2026-03-02T08:00:00Z');
    await other.model.chat(request);
    await other.ledger.close();
    expect([await leased('2026-03-01'), await leased('2026-03-02')]).toEqual([2, 1]);
  });

  test('bears what was asked in it, though it was answered on the next', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { model, ledger } = openProcess(() => answered);
    at('2026-03-01T23:59:59Z');
    const late = model.chat(request);
    // Claimed, and under way.
    while ((await leased('2026-03-01')) === 0) await turn();
    at('2026-03-02T00:00:01Z');
    answer();
    await late;
    await model.chat(request);
    await ledger.close();
    expect([await leased('2026-03-01'), await leased('2026-03-02')]).toEqual([1, 1]);
  });
});

describe('a price', () => {
  test('counts cached tokens apart, at their own price where there is one', () => {
    const tokens = {
      promptTokens: 1_000,
      responseTokens: 100,
      cachedPromptTokens: 600,
      cacheWriteTokens: 200,
    };
    // 200 × 3 + 600 × 0.3 + 200 × 3.75 + 100 × 15 = 600 + 180 + 750 + 1500, by a million
    expect(costOf({ ...price, cachedInput: 0.3, cacheWrite: 3.75 }, tokens)).toBeCloseTo(0.00303, 12);
    // 1000 × 3 + 100 × 15
    expect(costOf(price, tokens)).toBeCloseTo(0.0045, 12);
  });

  test('is never below 0, whatever is stated', () => {
    expect(costOf(price, { ...noChatCost, promptTokens: 1, cachedPromptTokens: 1_000 })).toBe(0.003);
  });
});
