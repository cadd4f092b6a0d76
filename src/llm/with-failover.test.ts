import { describe, expect, test } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import type { ChatCall, ChatRequest, ChatResponse } from './chat.ts';
import { noChatCost } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { withFailover } from './with-failover.ts';

const route = (name: string) => ({
  ...{ name, provider: `at-${name}`, model: `${name}-model`, temperature: null, maxTokens: null },
});
const request: ChatRequest = {
  ...{ profile: 'chief', provider: 'at-chief', model: 'chief-model', messages: [] },
  ...{ temperature: null, maxTokens: null, schema: null },
};

/** Three routes that do in turn what `outcomes` say. */
async function ask(outcomes: readonly (string | Error)[], call: ChatCall = {}) {
  const asked: string[] = [];
  const model = withFailover(() => ['chief', 'backup', 'last'].map(route), {
    async chat({ provider, model: name, profile }) {
      const outcome = outcomes[asked.length] ?? 'up';
      asked.push(profile);
      if (outcome instanceof Error) throw outcome;
      return answerOf(outcome, { provider, model: name, latencyMs: 5, costUsd: 0.25 });
    },
  });
  const ended = await model.chat(request, call).catch((thrown: unknown) => thrown);
  return { asked, ended };
}

const failed = (words: string, details: object = {}) =>
  new ChatError('provider-failed', words, { spent: { ...noChatCost, latencyMs: 7, calls: 1 }, ...details });

describe('failover', () => {
  test('asks nobody else when the first answers', async () => {
    expect(await ask(['yes'])).toMatchObject({ asked: ['chief'], ended: { text: 'yes', latencyMs: 5 } });
  });

  test('goes on to the next, says who answered, and counts one question with the time of all', async () => {
    expect(await ask([failed('down'), failed('slow'), 'yes'])).toMatchObject({
      asked: ['chief', 'backup', 'last'],
      ended: {
        text: 'yes',
        provider: 'at-last',
        model: 'last-model',
        calls: 1,
        latencyMs: 19,
        costUsd: 0.25,
      },
    });
  });

  test('was turned away only where nobody was asked', async () => {
    const away = () => failed('left alone', { spent: { ...noChatCost, turnedAway: 1 } });
    const counts = async (...outcomes: readonly (string | Error)[]) => {
      const { ended } = await ask(outcomes);
      const { calls, turnedAway } = ended instanceof ChatError ? ended.spent : (ended as ChatResponse);
      return { calls, turnedAway };
    };
    expect(await counts(away(), 'yes')).toEqual({ calls: 1, turnedAway: 0 });
    expect(await counts(away(), failed('down'), away())).toEqual({ calls: 1, turnedAway: 0 });
    expect(await counts(away(), away(), away())).toEqual({ calls: 0, turnedAway: 1 });
  });

  test('names every failure when all fail', async () => {
    const { ended } = await ask([failed('a'), failed('b'), failed('c')]);
    expect(ended).toMatchObject({
      code: 'provider-failed',
      message: 'a; then b; then c',
      spent: { calls: 1 },
    });
  });

  test.each([
    ['a refusal by the provider', new ChatError('provider-refused', 'no')],
    ['an answer that was shown in part', failed('cut', { shown: true })],
    ['an interrupt', new Error('stopped')],
  ])('does not go on after %s', async (_, outcome) => {
    const { asked, ended } = await ask([outcome]);
    expect(asked).toEqual(['chief']);
    expect(ended).toBe(outcome);
  });

  test('does not go on with a question that was given up', async () => {
    const { asked } = await ask([failed('timed out')], { signal: AbortSignal.abort() });
    expect(asked).toEqual(['chief']);
  });
});
