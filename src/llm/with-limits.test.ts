import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import type { ChatRequest } from './chat.ts';
import { mostTokens } from './token-bounds.ts';
import { type Limits, withLimits } from './with-limits.ts';

const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any', messages: [] },
  ...{ temperature: null, maxTokens: 84, schema: null },
};
/** 16 for the request itself and 84 for the answer. */
const bound = mostTokens(request);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** When each question went out, in milliseconds, in the order in which they went. */
function limited(limits: Limits, takes = 0) {
  const sent: { readonly at: number; readonly who: string }[] = [];
  const began = performance.now();
  const model = withLimits(
    limits,
    {
      async chat(_, call) {
        sent.push({ at: Math.round(performance.now() - began), who: call?.agent ?? '' });
        return answerOf('up', { promptTokens: takes, responseTokens: 0 });
      },
    },
    () => performance.now(),
  );
  return { model, sent };
}

describe('a limit of requests', () => {
  test('lets that many go at once, and each next one when a minute has passed since its place was taken', async () => {
    const { model, sent } = limited({ requestsPerMinute: 2 });
    const calls = Array.from({ length: 5 }, () => model.chat(request));
    await vi.advanceTimersByTimeAsync(200_000);
    await Promise.all(calls);
    expect(sent.map(({ at }) => at)).toEqual([0, 0, 60_000, 60_000, 120_000]);
  });

  test('holds within every minute, whenever questions come and however long each takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 25 }),
        async (requestsPerMinute, gaps) => {
          const { model, sent } = limited({ requestsPerMinute });
          const calls: Promise<unknown>[] = [];
          for (const gap of gaps) {
            await vi.advanceTimersByTimeAsync(gap);
            calls.push(model.chat(request));
          }
          await vi.advanceTimersByTimeAsync(60_000 * 30);
          await Promise.all(calls);
          expect(sent).toHaveLength(gaps.length);
          for (const [index, { at }] of sent.entries()) {
            const same = sent.filter((other, later) => later >= index && other.at < at + 60_000);
            expect(same.length).toBeLessThanOrEqual(requestsPerMinute);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('serves the higher priority first, and equals in their order', async () => {
    const { model, sent } = limited({ requestsPerMinute: 1 });
    const ask = (agent: string, priority?: number) => model.chat(request, { agent, priority });
    const calls = [ask('first'), ask('second'), ask('third'), ask('chief', 1)];
    await vi.advanceTimersByTimeAsync(300_000);
    await Promise.all(calls);
    expect(sent.map(({ who }) => who)).toEqual(['first', 'chief', 'second', 'third']);
  });

  test('forgets a question that is given up while it waits', async () => {
    const { model, sent } = limited({ requestsPerMinute: 1 });
    const controller = new AbortController();
    const calls = [model.chat(request, { agent: 'first' })];
    const givenUp = model.chat(request, { agent: 'second', signal: controller.signal });
    calls.push(model.chat(request, { agent: 'third' }));
    controller.abort(new Error('enough'));
    await expect(givenUp).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(calls);
    expect(sent.map(({ who }) => who)).toEqual(['first', 'third']);
  });
});

describe('a limit of tokens', () => {
  test('counts the bound of a request until its answer says how many it took', async () => {
    const { model, sent } = limited({ tokensPerMinute: 2 * bound }, 10);
    for (let time = 0; time < 5; time++) await model.chat(request);
    expect(sent.map(({ at }) => at)).toEqual([0, 0, 0, 0, 0]);
  });

  test('keeps the bound where no usage is stated', async () => {
    const { model, sent } = limited({ tokensPerMinute: 2 * bound });
    const calls = Array.from({ length: 3 }, () => model.chat(request));
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(calls);
    expect(sent.map(({ at }) => at)).toEqual([0, 0, 60_000]);
  });

  test('lets a request above the limit go alone instead of never', async () => {
    const { model, sent } = limited({ tokensPerMinute: bound - 1 });
    const calls = [model.chat(request), model.chat(request)];
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(calls);
    expect(sent.map(({ at }) => at)).toEqual([0, 60_000]);
  });
});
