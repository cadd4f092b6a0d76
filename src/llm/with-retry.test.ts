import { describe, expect, test } from 'vitest';
import type { ChatModel, ChatRequest, ChatResponse } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { withRetry } from './with-retry.ts';

const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any', messages: [] },
  ...{ temperature: null, maxTokens: null, schema: null },
};
const response: ChatResponse = {
  ...{ provider: 'local', model: 'any', promptTokens: 0, responseTokens: 0, latencyMs: 0, costUsd: 0 },
  ...{ recording: null, calls: 1, turnedAway: 0, cacheHits: 0, recordedCostUsd: 0 },
  ...{ text: 'up', finishReason: 'stop', answeredBy: 'any', recorded: false },
  ...{ toolCalls: [], cachedPromptTokens: 0, cacheWriteTokens: 0 },
};

/** Asks to be left alone for no time at all, so that the tests do not wait. */
const busy = () => new ChatError('provider-failed', 'busy', { retryable: true, retryAfterMs: 0 });
const wrongKey = () => new ChatError('provider-failed', 'wrong key', { retryable: false });

/** A provider that is up or down as `state.up` says; counts its tries. */
function provider(state: { up: boolean; failure?: () => Error }) {
  const tried = { times: 0 };
  const model: ChatModel = {
    async chat() {
      tried.times += 1;
      if (!state.up) throw (state.failure ?? busy)();
      return response;
    },
  };
  return { model, tried };
}

/** How a question ended, and after how many tries. */
async function ask(model: ChatModel, tried: { times: number }): Promise<string> {
  const before = tried.times;
  const ended = await model.chat(request).then(
    ({ text }) => text,
    (thrown: Error) => thrown.message,
  );
  return `${ended}: ${tried.times - before}`;
}

describe('while a provider is down', () => {
  test('the first question is tried in full, each next one once, until one succeeds', async () => {
    const state = { up: false };
    const { model, tried } = provider(state);
    const retrying = withRetry(2, Math.random, model);
    expect(await ask(retrying, tried)).toBe('busy (3 tries): 3');
    expect(await ask(retrying, tried)).toBe('busy: 1');
    expect(await ask(retrying, tried)).toBe('busy: 1');
    state.up = true;
    expect(await ask(retrying, tried)).toBe('up: 1');
    state.up = false;
    expect(await ask(retrying, tried)).toBe('busy (3 tries): 3');
  });

  test('a question that a retry saved leaves it up', async () => {
    let times = 0;
    const shaky: ChatModel = {
      async chat() {
        times += 1;
        if (times % 2 === 1) throw busy();
        return response;
      },
    };
    const retrying = withRetry(2, Math.random, shaky);
    for (let question = 1; question <= 3; question++) {
      expect((await retrying.chat(request)).text).toBe('up');
      expect(times).toBe(2 * question);
    }
  });

  test('a question already under way is not tried again either', async () => {
    const tries = new Map<string, number>();
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const model: ChatModel = {
      async chat({ profile }) {
        tries.set(profile, (tries.get(profile) ?? 0) + 1);
        if (profile === 'slow') await gate;
        throw busy();
      },
    };
    const retrying = withRetry(2, Math.random, model);
    const slow = retrying.chat({ ...request, profile: 'slow' }).catch(() => undefined);
    await retrying.chat(request).catch(() => undefined);
    letGo();
    await slow;
    expect(Object.fromEntries(tries)).toEqual({ analyst: 3, slow: 1 });
  });

  test('it is down at once when it asks for more time than a decision has', async () => {
    const patience = () =>
      new ChatError('provider-failed', 'later', { retryable: true, retryAfterMs: 60_001 });
    const { model, tried } = provider({ up: false, failure: patience });
    const retrying = withRetry(2, Math.random, model);
    expect(await ask(retrying, tried)).toBe('later: 1');
  });

  test('its neighbour is tried in full', async () => {
    const [one, other] = [provider({ up: false }), provider({ up: false })];
    await ask(withRetry(2, Math.random, one.model), one.tried);
    expect(await ask(withRetry(2, Math.random, other.model), other.tried)).toBe('busy (3 tries): 3');
  });
});

describe('a failure that asking again cannot mend', () => {
  test('is given up at once, and says nothing about the provider being down', async () => {
    const state: { up: boolean; failure: () => Error } = { up: false, failure: wrongKey };
    const { model, tried } = provider(state);
    const retrying = withRetry(2, Math.random, model);
    expect(await ask(retrying, tried)).toBe('wrong key: 1');
    state.failure = busy;
    expect(await ask(retrying, tried)).toBe('busy (3 tries): 3');
  });

  test('of ours goes through as it is', async () => {
    const fault = new TypeError('a fault of ours');
    const { model, tried } = provider({ up: false, failure: () => fault });
    await expect(withRetry(2, Math.random, model).chat(request)).rejects.toBe(fault);
    expect(tried.times).toBe(1);
  });
});

test('without retries a question gets its one try', async () => {
  const { model, tried } = provider({ up: false });
  expect(await ask(withRetry(0, Math.random, model), tried)).toBe('busy: 1');
});

test('whoever watches hears of a long pause before it begins, and of no short one', async () => {
  let times = 0;
  const model: ChatModel = {
    async chat() {
      times++;
      if (times > 2) return response;
      throw new ChatError('provider-failed', 'busy', {
        ...{ retryable: true, status: 429, retryAfterMs: times === 1 ? 1 : 60_000 },
      });
    },
  };
  const heard: unknown[] = [];
  const controller = new AbortController();
  const retrying = withRetry(2, Math.random, model, (...pause) => {
    heard.push(pause);
    controller.abort(new Error('long enough'));
  });
  await expect(retrying.chat(request, { signal: controller.signal })).rejects.toThrow('long enough');
  expect(heard).toEqual([['local', 60_000, 429]]);
});
