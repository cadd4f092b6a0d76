import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../../../test/answer-of.ts';
import type { ChatCall, ChatModel, ChatRequest, ChatResponse } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import type { AnswerStore } from './answer-store.ts';
import { cacheMigrations, createDatabaseStore } from './database-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { cacheKey, withCache } from './with-cache.ts';

const hour = 3_600_000;
const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any' },
  messages: [{ role: 'user', content: 'What is the trend?' }],
  ...{ temperature: 0.2, maxTokens: 800 },
  schema: { name: 'technical', schema: { type: 'object', required: ['up'], properties: {} } },
};
/** The same schema. */
const reordered = { properties: {}, required: ['up'], type: 'object' } as const;
const providers = { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' } } as const;
const fits = '{"up":true}';

type Say = (request: ChatRequest, call: ChatCall) => Promise<ChatResponse> | ChatResponse;

/** A cache of an hour before a model that says what it is told to, at the time `at.now`. */
function cacheBefore(say: Say, store: AnswerStore = createMemoryStore(100)) {
  const at = { now: 10 * hour };
  const asked: ChatRequest[] = [];
  const next: ChatModel = {
    async chat(question, call = {}) {
      asked.push(question);
      return await say(question, call);
    },
  };
  const model = withCache({ store, ttlMs: hour, clock: { now: () => at.now }, providers }, next);
  return { model, at, asked };
}

const paid = { costUsd: 0.5, promptTokens: 100, responseTokens: 20, answeredBy: 'any-2025' };

describe('a question that was asked before', () => {
  test('is answered word for word, for nothing, and counts apart', async () => {
    const { model, asked } = cacheBefore(() => answerOf(` ${fits}\n`, paid));
    const first = await model.chat(request);
    const pieces: string[] = [];
    const again = await model.chat(request, { onText: (piece) => pieces.push(piece) });
    expect(first).toMatchObject({ ...paid, calls: 1, cacheHits: 0 });
    expect(again).toMatchObject({
      ...{
        text: ` ${fits}\n`,
        answeredBy: 'any-2025',
        finishReason: 'stop',
        provider: 'local',
        model: 'any',
      },
      ...{ calls: 0, cacheHits: 1, costUsd: 0, promptTokens: 0, responseTokens: 0 },
    });
    expect(pieces).toEqual([` ${fits}\n`]);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['within the time to live', hour, 1],
    ['but too long ago', hour + 1, 2],
    ['in what is the future on this clock', -1, 2],
  ])('%s', async (_when, passed, times) => {
    const { model, at, asked } = cacheBefore(() => answerOf(fits));
    await model.chat(request);
    at.now += passed;
    await model.chat(request);
    expect(asked).toHaveLength(times);
  });

  test.each([
    ['by another profile', { profile: 'risk' }, 1],
    ['with its keys in another order', { schema: { schema: reordered, name: 'technical' } }, 1],
    ['of another model', { model: 'other' }, 2],
    ['of another provider', { provider: 'second' }, 2],
    ['at another temperature', { temperature: null }, 2],
    ['with another length', { maxTokens: 801 }, 2],
    ['with tools', { tools: [{ name: 'a', description: '', schema: {} }] }, 2],
    ['for another schema', { schema: null }, 2],
    ['in other words', { messages: [{ role: 'user', content: 'What is the trend? ' }] }, 2],
  ] as const)('%s', async (_how, change, times) => {
    const { model, asked } = cacheBefore(() => answerOf(fits));
    await model.chat(request);
    await model.chat({ ...request, ...change });
    expect(asked).toHaveLength(times);
  });

  test('is asked anew for the record it was kept for, as by a resumed run, and not for another', async () => {
    const { model, asked } = cacheBefore(() => answerOf(fits));
    for (const record of ['a.7.technical', 'a.7.technical', 'b.7.technical'])
      await model.chat(request, { record });
    expect(asked).toHaveLength(2);
  });

  test('has another key where its provider is another server of that name', () => {
    const at = (baseUrl: string) => cacheKey({ local: { kind: 'openai-compatible', baseUrl } }, request);
    expect(at('http://127.0.0.1:1/v1')).toBe(cacheKey(providers, request));
    expect(at('http://127.0.0.1:2/v1')).not.toBe(cacheKey(providers, request));
  });

  test('has another key where its plug-in says something else, as far as this process runs it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-plugin-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const keyFor = (module: string) => cacheKey({ local: { kind: 'plugin', module } }, request);
    try {
      const key = keyFor(file('a.mjs', 'export default 1;'));
      expect(keyFor(file('a.mjs', 'export default 2;'))).toBe(key);
      expect(keyFor(join(folder, 'nowhere.mjs'))).not.toBe(key);
      const nowhere = keyFor(join(folder, 'b.mjs'));
      expect(keyFor(file('b.mjs', 'export default 2;'))).not.toBe(nowhere);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.each([
  ['does not fit its schema', '{"down":true}', {}],
  ['is no JSON', 'up', {}],
  ['says nothing', ' ', {}],
  ['was cut off', fits, { finishReason: 'length' }],
  ['is a refusal', fits, { finishReason: 'refusal' }],
  ['ended in a way nobody knows', fits, { finishReason: 'other' }],
  ['wants tools', fits, { finishReason: 'tools', toolCalls: [{ id: '1', name: 'a', input: {} }] }],
] as const)('an answer that %s is not kept', async (_what, text, parts) => {
  const { model, asked } = cacheBefore(() => answerOf(text, parts));
  await model.chat(request);
  expect(await model.chat(request)).toMatchObject({ text, cacheHits: 0, calls: 1 });
  expect(asked).toHaveLength(2);
});

test('an answer that says nothing is not kept where any would do, nor taken', async () => {
  const store = createMemoryStore(100);
  const free = { ...request, schema: null };
  const { model, asked } = cacheBefore(() => answerOf(''), store);
  await model.chat(free);
  await store.keep(cacheKey(providers, free), {
    text: '',
    answeredBy: 'any',
    knownAt: 10 * hour,
    askedFor: null,
  });
  expect(await model.chat(free)).toMatchObject({ cacheHits: 0 });
  expect(asked).toHaveLength(2);
});

test('a failure is not kept, nor an answer to a schema that cannot be checked', async () => {
  const failing = cacheBefore(() => Promise.reject(new ChatError('provider-failed', 'busy')));
  await expect(failing.model.chat(request)).rejects.toThrow('busy');
  await expect(failing.model.chat(request)).rejects.toThrow('busy');
  expect(failing.asked).toHaveLength(2);
  const odd = {
    ...request,
    schema: { name: 'odd', schema: { type: 'string', pattern: 'a' } },
  } as ChatRequest;
  const { model, asked } = cacheBefore(() => answerOf('"a"'));
  for (let index = 0; index < 2; index++) expect(await model.chat(odd)).toMatchObject({ cacheHits: 0 });
  expect(asked).toHaveLength(2);
});

describe('the same question asked several times at once', () => {
  /** A model that answers when it is told to, and hears of aborts. */
  function waiting() {
    const { promise, resolve, reject } = withResolvers<ChatResponse>();
    const signals: AbortSignal[] = [];
    const streams: ((piece: string) => void)[] = [];
    const parts = cacheBefore((_request, { signal, onText }) => {
      if (signal) signals.push(signal);
      if (onText) streams.push(onText);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      return promise;
    });
    return { ...parts, answer: resolve, fail: reject, signals, streams };
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test('is asked once, and one of them pays', async () => {
    const { model, asked, answer } = waiting();
    const all = Promise.all(Array.from({ length: 20 }, () => model.chat(request)));
    await settle();
    answer(answerOf(fits, paid));
    const answers = await all;
    expect(asked).toHaveLength(1);
    expect(answers.map(({ cacheHits }) => cacheHits)).toEqual([0, ...Array(19).fill(1)]);
    expect(answers.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBe(0.5);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([fits]));
  });

  test('fails for all, and one of them pays', async () => {
    const { model, asked, fail } = waiting();
    const all = Promise.allSettled([1, 2, 3].map(() => model.chat(request)));
    await settle();
    fail(new ChatError('provider-failed', 'busy', { spent: answerOf('', paid), shown: true }));
    const ends = await all;
    const reasons = ends.map((end) => (end.status === 'rejected' ? (end.reason as ChatError) : null));
    expect(reasons.map((reason) => reason?.message)).toEqual(['busy', 'busy', 'busy']);
    expect(reasons.map((reason) => reason?.spent.costUsd)).toEqual([0.5, 0, 0]);
    // Nothing was shown to those who only waited: a fallback may still be asked for them.
    expect(reasons.map((reason) => reason?.shown)).toEqual([true, false, false]);
    expect(asked).toHaveLength(1);
  });

  test('is asked by each for itself when the answer is not one to keep', async () => {
    const { model, asked, answer } = waiting();
    const all = Promise.all([1, 2, 3].map(() => model.chat(request)));
    await settle();
    answer(answerOf('no JSON', paid));
    expect((await all).map(({ calls, cacheHits }) => [calls, cacheHits])).toEqual(Array(3).fill([1, 0]));
    expect(asked).toHaveLength(3);
  });

  test('goes on for the others when who began it gives up, and one of them pays', async () => {
    const { model, answer, signals, streams } = waiting();
    const first = new AbortController();
    const shown: string[][] = [[], []];
    const onText = (who: number) => (piece: string) => void shown[who]!.push(piece);
    const began = model.chat(request, { signal: first.signal, onText: onText(0) });
    const others = [model.chat(request, { onText: onText(1) }), model.chat(request)];
    await settle();
    streams[0]?.('{"up"');
    first.abort();
    await expect(began).rejects.toMatchObject({ code: 'interrupted' });
    streams[0]?.(':true}');
    expect(signals[0]?.aborted).toBe(false);
    answer(answerOf(fits, paid));
    expect((await Promise.all(others)).map(({ costUsd }) => costUsd)).toEqual([0.5, 0]);
    expect(shown).toEqual([['{"up"'], [fits]]);
  });

  test('leaves who only waits to its own time limit', async () => {
    const { model, answer } = waiting();
    const began = model.chat(request);
    const late = model.chat(request, { signal: AbortSignal.abort(new DOMException('late', 'TimeoutError')) });
    await expect(late).rejects.toMatchObject({ code: 'provider-failed', spent: { calls: 1, costUsd: 0 } });
    answer(answerOf(fits));
    expect(await began).toMatchObject({ text: fits });
  });

  test('is given up when nobody waits any more, and asked anew after that', async () => {
    const { model, asked, signals } = waiting();
    const stop = new AbortController();
    const all = Promise.allSettled([1, 2].map(() => model.chat(request, { signal: stop.signal })));
    await settle();
    stop.abort();
    const codes = (await all).map((end) => (end.status === 'rejected' ? end.reason.code : null));
    expect(codes).toEqual(['interrupted', 'interrupted']);
    expect(signals[0]?.aborted).toBe(true);
    await model.chat(request).catch(() => undefined);
    expect(asked).toHaveLength(2);
  });
});

describe('over any sequence of questions and times', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await PGlite.create();
    for (const { sql } of cacheMigrations) await pglite.exec(sql);
  });
  afterAll(() => pglite.close());
  const inDatabase = async () => {
    await pglite.exec('delete from orrery_cached_answer');
    const query = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, [...parameters])).rows;
    return createDatabaseStore({ query }, 100);
  };

  const step = fc.record({
    question: fc.integer({ min: 0, max: 3 }),
    moved: fc.constantFrom(0, 1, hour - 1, hour, hour + 1, -1, -hour),
    says: fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => answerOf(JSON.stringify({ up: text }))),
      fc.constantFrom(
        answerOf('no'),
        answerOf(fits, { finishReason: 'length' }),
        new ChatError('provider-failed', ''),
      ),
    ),
  });

  test.each([
    ['in memory', async () => createMemoryStore(100), true, 200],
    ['in a small memory', async () => createMemoryStore(2), false, 200],
    ['in the database', inDatabase, true, 30],
  ] as const)(
    'a hit is what was said last, neither old nor from the future: %s',
    async (_where, open, holdsAll, numRuns) => {
      const sequence = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const said = new Map<number, { readonly text: string; readonly at: number }>();
        let reply: ChatResponse | ChatError = answerOf(fits);
        const say = async () => {
          if (reply instanceof ChatError) throw reply;
          return reply;
        };
        const { model, at } = cacheBefore(say, await open());
        for (const { question, moved, says } of steps) {
          at.now += moved;
          reply = says;
          const messages = [{ role: 'user', content: String(question) }] as const;
          const last = said.get(question);
          const isFresh = last !== undefined && last.at <= at.now && at.now - last.at <= hour;
          const answer = await model.chat({ ...request, messages }).catch(() => null);
          const isHit = answer?.cacheHits === 1;
          if (isHit || holdsAll) expect(isHit).toBe(isFresh);
          if (isHit) expect(answer.text).toBe(last?.text);
          else if (answer !== null && answer.finishReason === 'stop' && answer.text !== 'no')
            said.set(question, { text: answer.text, at: at.now });
        }
      });
      await fc.assert(sequence, { numRuns });
    },
  );
});

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<Value>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
