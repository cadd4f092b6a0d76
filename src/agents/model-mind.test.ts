import { describe, expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { OrreryError } from '../core/index.ts';
import { ChatError, type ChatRequest, type Models, noChatCost, type UsableProfile } from '../llm/index.ts';
import type { Question } from './mind.ts';
import { createModelMind, noUsage } from './model-mind.ts';
import { readPrompt } from './prompt.ts';

const profile = (provider: string, model: string): UsableProfile => ({
  name: 'analyst',
  provider,
  model,
  temperature: null,
  maxTokens: null,
});
const profiles = {
  analyst: profile('local', 'small'),
  risk: profile('local', 'small'),
  chief: profile('local', 'large'),
  backup: profile('other', 'large'),
  nothing: null,
};

const question = (name: string, role = 'technical'): Question => ({
  scope: '7.technical',
  profile: name,
  role,
  system: 'You judge.',
  user: 'Now?',
  cuts: [],
  schema: { type: 'object', required: ['up'], properties: { up: { type: 'boolean' } } },
});

const spent = { provider: 'local', model: 'small', promptTokens: 10, responseTokens: 2, latencyMs: 1 };
const bill = {
  ...noChatCost,
  ...spent,
  costUsd: 0.5,
  recording: 'r.7.technical.abc',
  calls: 1,
  turnedAway: 0,
  recordedCostUsd: 0.25,
};
const down = () => new ChatError('provider-failed', 'local answered 503', { spent: { ...bill, costUsd: 0 } });

/** What each call says in turn: a text, or a failure. */
function mindThatHears(...says: readonly (string | Error)[]) {
  const alerts: string[] = [];
  const warnings: string[] = [];
  const requests: ChatRequest[] = [];
  const scopes: string[] = [];
  const gateway: Models = {
    within(scope) {
      scopes.push(scope);
      return {
        async chat(request) {
          const said = says[requests.length] ?? '{"up":true}';
          requests.push(request);
          if (said instanceof Error) throw said;
          return {
            ...bill,
            text: said,
            toolCalls: [],
            finishReason: 'stop',
            answeredBy: 'any',
            recorded: false,
          };
        },
      };
    },
  };
  const mind = createModelMind({
    gateway,
    profiles,
    repair: readPrompt('repair', shippedPrompts),
    notices: { warn: (text) => warnings.push(text), alert: (text) => alerts.push(text) },
    usage: noUsage,
    stop: new AbortController().signal,
  });
  return { mind, alerts, warnings, requests, scopes };
}

test('a profile leads to the model it resolved to, or nowhere', () => {
  const { mind } = mindThatHears();
  expect(['analyst', 'backup', 'nothing', 'unheard-of'].map((name) => mind.route(name))).toEqual([
    'local/small',
    'other/large',
    null,
    null,
  ]);
});

test('to ask a profile that leads nowhere is a fault of ours', async () => {
  const { mind } = mindThatHears();
  await expect(mind.ask(question('nothing'))).rejects.toThrow(RangeError);
  await expect(mind.ask(question('unheard-of'))).rejects.toThrow(/leads nowhere/);
});

test('a question goes out as system and user words, under the role and in its scope', async () => {
  const { mind, requests, scopes } = mindThatHears();
  expect(await mind.ask(question('chief'))).toMatchObject({ kind: 'answered', value: { up: true } });
  expect(scopes).toEqual(['7.technical']);
  expect(requests).toMatchObject([
    {
      ...{
        provider: 'local',
        model: 'large',
        schema: { name: 'technical', schema: question('chief').schema },
      },
      messages: [
        { role: 'system', content: 'You judge.' },
        { role: 'user', content: 'Now?' },
      ],
    },
  ]);
});

test('an answer that does not fit gets one repair turn, in the words of its file', async () => {
  const { mind, requests } = mindThatHears('{"up":1}');
  expect(await mind.ask(question('chief'))).toMatchObject({ kind: 'answered', value: { up: true } });
  expect(requests[1]?.messages.slice(2)).toEqual([
    { role: 'assistant', content: '{"up":1}' },
    {
      role: 'user',
      content:
        'Your answer was not accepted:\nup: expected boolean, got 1\n\nAnswer again with one JSON object that fits the schema, and nothing else.',
    },
  ]);
});

test('what a budget leaves out is told once of each agent and input', async () => {
  const { mind, warnings } = mindThatHears();
  const cut = (input: string, leftOut: number) => ({ input, tokens: 3_000, lines: 60, leftOut });
  const ask = (scope: string, ...cuts: Question['cuts']) => mind.ask({ ...question('analyst'), scope, cuts });
  await ask('7.tina');
  expect(warnings).toEqual([]);
  await ask('8.tina', cut('evidence', 12));
  await ask('9.tina', cut('evidence', 13), cut('critical', 60));
  await ask('9.tom', cut('evidence', 1));
  expect(warnings).toEqual([
    'evidence of tina is more than the 3000 tokens that prompts/technical.md gives it: 12 of 60 lines left out, the first time',
    'critical of tina is more than the 3000 tokens that prompts/technical.md gives it: 60 of 60 lines left out, the first time',
    'evidence of tom is more than the 3000 tokens that prompts/technical.md gives it: 1 of 60 lines left out, the first time',
  ]);
});

describe('an outage', () => {
  const ask = async (mind: ReturnType<typeof mindThatHears>['mind'], ...names: readonly string[]) => {
    const kinds: string[] = [];
    for (const name of names) kinds.push((await mind.ask(question(name))).kind);
    return kinds;
  };

  test('is alerted once, and again only after an answer came between', async () => {
    const { mind, alerts } = mindThatHears(down(), down(), '{"up":true}', down(), down());
    expect(await ask(mind, 'analyst', 'analyst', 'analyst', 'analyst', 'analyst')).toEqual([
      ...['failed', 'failed', 'answered', 'failed', 'failed'],
    ]);
    expect(alerts).toEqual([
      'local/small does not answer (local answered 503). Agents fall back until it does.',
      'local/small does not answer (local answered 503). Agents fall back until it does.',
    ]);
  });

  test('is one for all profiles of a model, and for all models of a provider that is down', async () => {
    const { mind, alerts } = mindThatHears(down(), down(), down());
    await ask(mind, 'analyst', 'risk', 'chief');
    expect(alerts).toHaveLength(1);
  });

  test('of another provider is another one', async () => {
    const { mind, alerts } = mindThatHears(down(), down());
    await ask(mind, 'chief', 'backup');
    expect(alerts.map((alert) => alert.split(' ')[0])).toEqual(['local/large', 'other/large']);
  });

  test('of one model does not come and go with the answers of its neighbour', async () => {
    const { mind, alerts } = mindThatHears(down(), '{"up":true}', down(), '{"up":true}', down());
    await ask(mind, 'chief', 'analyst', 'chief', 'analyst', 'chief');
    expect(alerts).toHaveLength(1);
  });

  test('is also one agent that hears nothing but nonsense, while others are answered by the same model', async () => {
    const nonsense = ['nonsense', 'nonsense'];
    const { mind, alerts } = mindThatHears(
      ...nonsense,
      '{"up":true}',
      ...nonsense,
      '{"up":true}',
      ...nonsense,
    );
    for (let bar = 0; bar < 3; bar++) {
      await mind.ask(question('analyst', 'technical'));
      await mind.ask(question('analyst', 'chief'));
    }
    expect(alerts).toHaveLength(1);
  });

  test('is one when everybody hears nonsense, and another after it made sense again', async () => {
    const nonsense = ['nonsense', 'nonsense', 'nonsense', 'nonsense'];
    const { mind, alerts } = mindThatHears(...nonsense, '{"up":true}', '{"up":true}', ...nonsense);
    for (let bar = 0; bar < 3; bar++) {
      await mind.ask(question('analyst', 'technical'));
      await mind.ask(question('analyst', 'chief'));
    }
    expect(alerts).toHaveLength(2);
  });

  test('of a model that talks nonsense hides no outage of its provider', async () => {
    const { mind, alerts } = mindThatHears('nonsense', 'nonsense', down());
    await ask(mind, 'chief', 'analyst');
    expect(alerts).toHaveLength(2);
  });
});

describe('the bill', () => {
  test('sums every call, repair turns and failures among them', async () => {
    const { mind } = mindThatHears('nonsense', 'nonsense', down(), '{"up":true}');
    // Two calls that led to nothing, one that failed (which cost no money, but what it had recorded), one that answered.
    for (let index = 0; index < 3; index++) await mind.ask(question('analyst'));
    expect(mind.usage()).toEqual({
      ...{ calls: 4, turnedAway: 0, cacheHits: 0, inputTokens: 40, outputTokens: 8 },
      ...{ costUsd: 1.5, recordedCostUsd: 1 },
    });
  });

  test('of one question stands in its reply, failed or not', async () => {
    const { mind } = mindThatHears('nonsense', 'nonsense', '{"up":true}');
    expect((await mind.ask(question('analyst'))).cost).toEqual({
      ...{ provider: 'local', model: 'small', promptTokens: 20, responseTokens: 4 },
      ...{ latencyMs: 2, costUsd: 1, recording: 'r.7.technical.abc' },
    });
    expect((await mind.ask(question('analyst'))).cost).toMatchObject({ promptTokens: 10, costUsd: 0.5 });
  });

  test('goes on from where an interrupted run stood', async () => {
    const usage = { ...noUsage, calls: 5, inputTokens: 1, outputTokens: 1, costUsd: 2 };
    const { mind } = mindThatHears();
    await mind.ask(question('analyst'));
    const resumed = createModelMind({
      gateway: { within: () => ({ chat: () => Promise.reject(down()) }) },
      ...{ profiles, repair: readPrompt('repair', shippedPrompts), usage },
      notices: { warn: () => undefined, alert: () => undefined },
      stop: new AbortController().signal,
    });
    await resumed.ask(question('analyst'));
    expect(resumed.usage()).toMatchObject({ calls: 6, costUsd: 2 });
  });
});

describe('what is no failure of a provider', () => {
  test.each([
    new OrreryError('recording-miss', 'no such recording'),
    new OrreryError('recording-altered', 'another checksum'),
    new OrreryError('database-failed', 'disk full'),
    new OrreryError('interrupted', 'stopped'),
    new TypeError('a fault of ours'),
  ])('ends the run: $message', async (thrown) => {
    const { mind, alerts } = mindThatHears(thrown);
    await expect(mind.ask(question('analyst'))).rejects.toBe(thrown);
    expect(alerts).toEqual([]);
  });
});
