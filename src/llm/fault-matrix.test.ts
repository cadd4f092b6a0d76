import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeFault, type FakeProvider, type FakeReply, startFakeProvider } from '../testing/index.ts';
import type { AnswerSchema, ChatRequest, ChatResponse } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { createGateway } from './create-gateway.ts';

/** Of each try. Two tries and the pause between them fit into a second. */
const timeoutMs = 250;
const deadlineMs = 5_000;

const faults: Readonly<Record<string, FakeFault>> = {
  'a rate limit': { kind: 'rate-limit', retryAfterSeconds: 0 },
  'a server error': { kind: 'server-error' },
  'an overload': { kind: 'overloaded' },
  'a slow first byte': { kind: 'slow', milliseconds: 4 * timeoutMs },
  'a stall in mid-answer': { kind: 'stall-midway' },
  'JSON that stops half way': { kind: 'truncated-json' },
  'a stream that stops half way': { kind: 'truncated-stream' },
  'a connection that breaks off': { kind: 'broken-off' },
  'a reset': { kind: 'reset' },
  'a wrong key': { kind: 'unauthorized' },
  'a prompt that is too long': { kind: 'context-too-long' },
  'an error in mid-stream': { kind: 'error-midway' },
};

const answer: FakeReply = {
  kind: 'answer',
  answer: { up: true },
  usage: { promptTokens: 100, responseTokens: 20 },
};
const schema = { type: 'object', required: ['up'], properties: { up: { type: 'boolean' } } } as const;

let first: FakeProvider;
let second: FakeProvider;
beforeAll(async () => {
  first = await startFakeProvider(() => answer);
  second = await startFakeProvider(() => answer);
});
afterAll(async () => {
  await first.close();
  await second.close();
});

interface Asked {
  readonly ended: ChatResponse | ChatError;
  readonly shown: string;
  /** Requests that each server got. */
  readonly requests: readonly [number, number];
  readonly tookMs: number;
}

/** One question through a fresh gateway: Anthropic first at 3 and 15 dollars a million tokens, then a local server at 1 and 2. */
async function ask(
  faultyFirst: FakeReply,
  faultySecond: FakeReply,
  streams: boolean,
  asked: AnswerSchema | null = { name: 'chief', schema },
): Promise<Asked> {
  first.answerWith(() => faultyFirst);
  second.answerWith(() => faultySecond);
  const before = [first.requests.length, second.requests.length] as const;
  const limits = { timeoutMs, retries: 1, apiKeyEnv: 'KEY' };
  const gateway = createGateway({
    settings: {
      providers: {
        claude: { kind: 'anthropic', baseUrl: first.baseUrl, ...limits },
        local: { kind: 'openai-compatible', baseUrl: second.baseUrl, ...limits },
      },
      profiles: {
        chief: {
          ...{ provider: 'claude', model: 'one', maxTokens: 100, fallback: ['backup'] },
          usdPerMillion: { input: 3, output: 15 },
        },
        backup: { provider: 'local', model: 'two', maxTokens: 50, usdPerMillion: { input: 1, output: 2 } },
      },
    },
    environment: { KEY: 'a-key-nobody-may-see-4711' },
    recording: { kind: 'off' },
  });
  const request: ChatRequest = {
    ...{ profile: 'chief', provider: 'claude', model: 'one', temperature: null, maxTokens: 100 },
    messages: [{ role: 'user', content: 'Up?' }],
    schema: asked,
  };
  let shown = '';
  const onText = (piece: string) => {
    shown += piece;
  };
  const started = performance.now();
  const ended = await gateway
    .within('1.chief')
    .chat(request, streams ? { onText } : {})
    .catch((thrown: unknown) => {
      if (thrown instanceof ChatError) return thrown;
      throw thrown;
    });
  return {
    ended,
    shown,
    requests: [first.requests.length - before[0], second.requests.length - before[1]],
    tookMs: performance.now() - started,
  };
}

const fromFirst = { provider: 'claude', model: 'one', costUsd: (100 * 3 + 20 * 15) / 1e6, calls: 1 };
const fromSecond = { provider: 'local', model: 'two', costUsd: (100 * 1 + 20 * 2) / 1e6, calls: 1 };

describe.each([
  ['plain', false],
  ['streamed', true],
])('%s: whatever happens, one question has one end', (_, streams) => {
  test.each(Object.entries(faults))('%s', async (_name, fault) => {
    const atFirst = await ask(fault, answer, streams);
    expect(atFirst.ended).toMatchObject({ ...fromSecond, text: '{"up":true}' });
    // Half of so short an answer is held back: it could be the beginning of a key.
    expect(atFirst.shown).toBe(streams ? '{"up":true}' : '');
    const atSecond = await ask(answer, fault, streams);
    expect(atSecond.ended).toMatchObject(fromFirst);
    expect(atSecond.requests).toEqual([1, 0]);
    const atAll = await ask(fault, fault, streams);
    expect(atAll.ended).toBeInstanceOf(ChatError);
    expect(atAll.ended).toMatchObject({ code: 'provider-failed' });
    expect(JSON.stringify(atAll.ended)).not.toContain('4711');
    for (const { tookMs } of [atFirst, atSecond, atAll]) expect(tookMs).toBeLessThan(deadlineMs);
  });
});

test('an answer that fits no schema is left to the repair turn, not to another provider', async () => {
  const { ended, requests } = await ask({ kind: 'wrong-schema' }, answer, false);
  expect(ended).toMatchObject({ provider: 'claude', finishReason: 'stop' });
  expect(requests).toEqual([1, 0]);
});

test('a refusal is an answer', async () => {
  const { ended, requests } = await ask({ kind: 'refusal', text: 'I cannot help with that.' }, answer, false);
  expect(ended).toMatchObject({ provider: 'claude', finishReason: 'refusal' });
  expect(requests).toEqual([1, 0]);
});

test('what was shown in part is not begun anew by somebody else', async () => {
  const words = 'The trend is up, as far as the averages tell. '.repeat(20);
  const envelope = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'one',
    content: [],
    stop_reason: null,
  };
  const events = [
    {
      type: 'message_start',
      message: { ...envelope, usage: { input_tokens: 9, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: words } },
  ];
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream' };
  const { ended, shown, requests } = await ask({ kind: 'http', headers, body }, answer, true, null);
  expect(ended).toMatchObject({ code: 'provider-failed', shown: true });
  expect(requests).toEqual([1, 0]);
  expect(shown.length).toBeGreaterThan(words.length / 2);
  expect(words).toContain(shown);
});
