import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EndedCall } from '../core/index.ts';
import type { ChatCall, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { createGateway } from './create-gateway.ts';
import type { ProviderSettings } from './llm-settings.ts';

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
const usage = { prompt_tokens: 30, completion_tokens: 900 };
/** 30 tokens at 3 dollars and 900 at 15, of a million each. */
const perTry = 0.01359;

const choice = (message: object, finish_reason: string) => ({
  ...{ model: 'm', usage },
  choices: [{ message, finish_reason }],
});
const badInput = choice(
  { content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":' } }] },
  'tool_calls',
);
const gaveUp = choice({ content: 'half' }, 'error');
const whole = choice({ content: 'up' }, 'stop');

let server: Server;
let bodies: (object | 'silence')[];
let heard: EndedCall[];
let timeUp: AbortController;
beforeEach(async () => {
  [bodies, heard] = [[], []];
  timeUp = new AbortController();
  server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => {
      const body = bodies.length > 1 ? bodies.shift()! : bodies[0]!;
      if (body === 'silence') {
        timeUp.abort(new DOMException('late', 'TimeoutError'));
        return;
      }
      const text = Array.isArray(body)
        ? body.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')
        : JSON.stringify(body);
      outgoing.setHeader('content-type', Array.isArray(body) ? 'text/event-stream' : 'application/json');
      outgoing.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function ask(call: ChatCall = {}, kind: ProviderSettings['kind'] = 'openai-compatible') {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const gateway = createGateway({
    settings: {
      providers: { local: { kind, baseUrl, apiKeyEnv: 'LOCAL_KEY', retries: 2 } },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 } } },
    },
    environment: { LOCAL_KEY: 'a-key' },
    recording: { kind: 'off' },
    observers: [{ callBegun: () => (end) => void heard.push(end) }],
  });
  return gateway.within('1.technical').chat(request, call);
}

async function spentOn(failing: Promise<unknown>) {
  const thrown = await failing.catch((reason: unknown) => reason);
  if (!(thrown instanceof ChatError)) throw new Error(`no failure of a call: ${thrown}`);
  return thrown.spent;
}

test.each([
  ['a tool called with broken JSON', badInput],
  ['an answer that the model gave up', gaveUp],
  ['an error beside the answer', { ...whole, error: { code: 502, message: 'lost' } }],
  ['what is no answer', { usage, choices: [] }],
])('the bill of %s is kept', async (_, body) => {
  bodies = [body];
  const { costUsd, calls, promptTokens } = await spentOn(ask());
  const tries = promptTokens / 30;
  expect({ costUsd, calls }).toEqual({ costUsd: expect.closeTo(tries * perTry, 12), calls: 1 });
  expect([1, 3]).toContain(tries);
  expect(heard).toMatchObject([{ costUsd, calls: 1, responseTokens: tries * 900 }]);
});

test.each(['openai-compatible', 'openai'] as const)(
  'an answer of %s costs what the tries before it cost too, and is one call',
  async (kind) => {
    bodies = kind === 'openai' ? [toolOfOpenAi, answerOfOpenAi] : [badInput, gaveUp, whole];
    const tries = bodies.length;
    const { text, calls, costUsd, responseTokens } = await ask({}, kind);
    expect({ text, calls, responseTokens }).toEqual({ text: 'up', calls: 1, responseTokens: tries * 900 });
    expect(costUsd).toBeCloseTo(tries * perTry, 12);
    expect(heard).toMatchObject([{ costUsd, calls: 1 }]);
  },
);

test('a stream that breaks off after its usage was told is billed', async () => {
  bodies = [[{ model: 'm', choices: [{ delta: { content: 'hal' } }], usage }]];
  const { costUsd } = await spentOn(ask({ onText: () => undefined }));
  // What was shown is not begun anew.
  expect(costUsd).toBeCloseTo(perTry, 12);
});

test('the bill of a first try is kept when the time is up in the second', async () => {
  bodies = [gaveUp, 'silence'];
  const { costUsd, calls } = await spentOn(ask({ signal: timeUp.signal }));
  expect({ costUsd, calls }).toEqual({ costUsd: expect.closeTo(perTry, 12), calls: 1 });
});

const ofOpenAi = (output: object) => ({
  ...{ id: 'r', created_at: 1, model: 'm', output: [output] },
  usage: { input_tokens: 30, output_tokens: 900 },
});
const toolOfOpenAi = ofOpenAi({
  ...{ type: 'function_call', id: 'f', call_id: 'a', name: 'f', arguments: '{"x":' },
});
const answerOfOpenAi = ofOpenAi({
  ...{ type: 'message', id: 'a', role: 'assistant' },
  content: [{ type: 'output_text', text: 'up', annotations: [] }],
});
