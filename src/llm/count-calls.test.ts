import { expect, test } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { noChatCost } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { countCalls } from './count-calls.ts';

const request: ChatRequest = {
  ...{
    profile: 'analyst',
    provider: 'local',
    model: 'any',
    temperature: null,
    maxTokens: null,
    schema: null,
  },
  messages: [{ role: 'user', content: 'Up?' }],
};
const usage = { promptTokens: 100, responseTokens: 20, costUsd: 0.5 };

function answering(...answers: readonly (() => ReturnType<typeof answerOf>)[]) {
  let at = 0;
  const model: ChatModel = { chat: async () => answers[at++]!() };
  return { within: () => model };
}

const throwing = (thrown: Error) => () => {
  throw thrown;
};

test('each question counts by itself, under who asked and who answered', async () => {
  const asked = { ...noChatCost, provider: 'local', model: 'any', calls: 1, costUsd: 0.25 };
  const away = { ...asked, calls: 0, costUsd: 0 };
  const models = countCalls(
    answering(
      () => answerOf('no JSON', usage),
      () => answerOf('{}', usage),
      () => answerOf('{}', { ...usage, provider: 'spare' }),
      () => answerOf('{}', { calls: 0, cacheHits: 1 }),
      throwing(new ChatError('provider-failed', 'down', { spent: asked })),
      throwing(new ChatError('provider-failed', 'left alone', { spent: { ...away, turnedAway: 1 } })),
      throwing(new ChatError('budget-exceeded', 'too dear')),
      throwing(new DOMException('interrupted', 'AbortError')),
    ),
    [],
  );
  const technical = models.within('7.technical');
  for (let time = 0; time < 4; time++) await technical.chat(request);
  for (let time = 0; time < 4; time++) {
    await models
      .within('7.chief')
      .chat(request)
      .catch(() => undefined);
  }
  const none = {
    ...{ calls: 0, turnedAway: 0, cacheHits: 0, failures: 0 },
    ...{ inputTokens: 0, outputTokens: 0, costUsd: 0 },
  };
  const local = { provider: 'local', model: 'any' };
  expect(models.counts()).toEqual([
    {
      ...{ ...none, agent: 'technical', ...local, calls: 2, cacheHits: 1 },
      ...{ inputTokens: 200, outputTokens: 40, costUsd: 1 },
    },
    {
      ...{ ...none, agent: 'technical', provider: 'spare', model: 'any', calls: 1 },
      ...{ inputTokens: 100, outputTokens: 20, costUsd: 0.5 },
    },
    { ...none, agent: 'chief', ...local, calls: 1, turnedAway: 1, failures: 1, costUsd: 0.25 },
    { ...none, agent: 'chief', provider: '', model: '', turnedAway: 1 },
  ]);
});

test('a resumed run goes on from what it had counted', async () => {
  const first = countCalls(
    answering(() => answerOf('up', usage)),
    [],
  );
  await first.within('1.technical').chat(request);
  const resumed = countCalls(
    answering(() => answerOf('up', usage)),
    first.counts(),
  );
  await resumed.within('2.technical').chat(request);
  expect(resumed.counts()).toMatchObject([{ agent: 'technical', calls: 2, inputTokens: 200, costUsd: 1 }]);
});

test('an answer that cannot be used is a failure, asked for all the same', async () => {
  const models = countCalls(
    answering(
      () => answerOf('no JSON', usage),
      () => answerOf('{}', usage),
      () => answerOf('{', { ...usage, finishReason: 'length' }),
      () => answerOf('No.', { ...usage, finishReason: 'refusal' }),
    ),
    [],
  );
  const structured = { ...request, schema: { name: 'technical', schema: { type: 'object' } } } as const;
  const { chat } = models.within('1.technical');
  for (let time = 0; time < 4; time++) await chat(structured);
  expect(models.counts()).toMatchObject([{ calls: 4, failures: 3, turnedAway: 0 }]);
});
