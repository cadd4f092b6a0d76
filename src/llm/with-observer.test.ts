import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BegunCall, CallObserver, EndedCall } from '../core/index.ts';
import { type FakeProvider, startFakeProvider } from '../testing/index.ts';
import type { ChatRequest } from './chat.ts';
import { createGateway } from './create-gateway.ts';

const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any', temperature: 0.2, maxTokens: 800, schema: null },
  messages: [{ role: 'user', content: 'words of the prompt' }],
};

let server: FakeProvider;
beforeEach(async () => {
  const usage = { promptTokens: 100, responseTokens: 20 };
  server = await startFakeProvider(() => ({ kind: 'text', text: 'words of the answer' }), { usage });
});
afterEach(() => server.close());

/** Writes down all it hears. */
function listener() {
  const begun: BegunCall[] = [];
  const ended: EndedCall[] = [];
  const circuits: string[] = [];
  const observer: CallObserver = {
    callBegun(call) {
      begun.push(call);
      return (end) => void ended.push(end);
    },
    circuitChanged: (provider, state) => void circuits.push(`${provider} ${state}`),
  };
  return { observer, begun, ended, circuits };
}

function gateway(observers: readonly CallObserver[], more: object = {}) {
  const usdPerMillion = { input: 3, output: 15 };
  const local = { kind: 'openai-compatible' as const, baseUrl: server.baseUrl, retries: 0 };
  const { model, provider } = request;
  const settings = {
    providers: { local, spare: local },
    profiles: {
      analyst: { provider, model, usdPerMillion },
      chief: { provider: 'spare', model, usdPerMillion },
    },
    ...more,
  };
  return createGateway({ settings, environment: {}, recording: { kind: 'off' }, observers });
}

test('an observer hears who was asked and what it took, and not a word of it', async () => {
  const heard = listener();
  await gateway([heard.observer])
    .within('7.technical')
    .chat(request, { onText: () => undefined });
  expect(heard.begun).toEqual([
    {
      ...{ profile: 'analyst', provider: 'local', providerKind: 'openai-compatible', model: 'any' },
      ...{ agent: 'technical', temperature: 0.2, maxTokens: 800, structured: false, streamed: true },
    },
  ]);
  expect(heard.ended).toHaveLength(1);
  expect(heard.ended[0]).toMatchObject({ provider: 'local', model: 'any', calls: 1, cacheHits: 0 });
  expect(heard.ended[0]).toMatchObject({
    promptTokens: 100,
    responseTokens: 20,
    costUsd: 0.0006,
    failure: null,
  });
  expect(heard.ended[0]!.latencyMs).toBeGreaterThan(0);
  expect(JSON.stringify([heard.begun, heard.ended])).not.toContain('words');
});

test('a failure is told by its code, without what the provider said', async () => {
  server.answerWith(() => ({ kind: 'http', status: 500, body: 'words of the server' }));
  const heard = listener();
  await expect(gateway([heard.observer]).within('7.chief').chat(request)).rejects.toThrow('500');
  expect(heard.ended).toMatchObject([
    { failure: 'provider-failed', provider: 'local', calls: 1, answeredBy: null },
  ]);
  expect(JSON.stringify(heard.ended)).not.toContain('words');
});

test('an interrupted question is told as interrupted', async () => {
  server.answerWith(() => ({ kind: 'stall' }));
  const heard = listener();
  const controller = new AbortController();
  const asked = gateway([heard.observer]).within('7.chief').chat(request, { signal: controller.signal });
  controller.abort();
  await expect(asked).rejects.toThrow();
  expect(heard.ended).toMatchObject([{ failure: 'interrupted', calls: 0 }]);
});

test('one question that another provider answered in the end is one, under its name', async () => {
  server.answerWith((_request, call) =>
    call === 1 ? { kind: 'http', status: 500, body: '{}' } : { kind: 'text', text: 'up' },
  );
  const heard = listener();
  const profiles = {
    analyst: { provider: 'local', model: 'any', fallback: ['chief'] },
    chief: { provider: 'spare', model: 'other' },
  };
  await gateway([heard.observer], { profiles }).within('7.chief').chat(request);
  expect(heard.ended).toMatchObject([{ provider: 'spare', model: 'other', calls: 1, failure: null }]);
});

test('a circuit tells when it opens, probes and closes', async () => {
  const heard = listener();
  const { chat } = gateway([heard.observer]).within('7.chief');
  server.answerWith(() => ({ kind: 'http', status: 500, body: '{}' }));
  for (let time = 0; time < 5; time++) await chat(request).catch(() => undefined);
  expect(heard.circuits).toEqual(['local open']);
  server.answerWith(() => ({ kind: 'text', text: 'up' }));
  for (let time = 0; time < 3; time++) await chat(request).catch(() => undefined);
  expect(heard.circuits).toEqual(['local open', 'local probing', 'local closed']);
});

test('an observer that fails spoils neither the answer nor what others hear', async () => {
  const fail = () => {
    throw new Error('full disk');
  };
  const heard = listener();
  const observers = [
    { callBegun: fail, circuitChanged: fail },
    { callBegun: () => fail },
    { callBegun: () => null },
    heard.observer,
  ];
  expect(await gateway(observers).within('7.chief').chat(request)).toMatchObject({
    text: 'words of the answer',
  });
  expect(heard.ended).toHaveLength(1);
});

test('an answer that cannot be used is told as the failure it leads to', async () => {
  const heard = listener();
  const schema = { name: 'chief', schema: { type: 'object' } } as const;
  await gateway([heard.observer])
    .within('7.chief')
    .chat({ ...request, schema });
  expect(heard.ended).toMatchObject([
    { failure: 'answer-invalid', calls: 1, turnedAway: 0, answeredBy: 'any' },
  ]);
});

test('a question to a provider that is left alone is turned away, and not counted as put', async () => {
  const heard = listener();
  const { chat } = gateway([heard.observer]).within('7.chief');
  server.answerWith(() => ({ kind: 'http', status: 500, body: '{}' }));
  for (let time = 0; time < 6; time++) await chat(request).catch(() => undefined);
  expect(heard.ended.map(({ calls, turnedAway }) => `${calls} ${turnedAway}`)).toEqual([
    ...Array.from({ length: 5 }, () => '1 0'),
    '0 1',
  ]);
});
