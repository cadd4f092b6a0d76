import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sinceProcessStartMs } from '../core/index.ts';
import { type FakeBrain, type FakeProvider, type FakeReply, startFakeProvider } from '../testing/index.ts';
import type { ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { createGateway } from './create-gateway.ts';
import type { ProviderSettings } from './llm-settings.ts';

const request: ChatRequest = {
  profile: 'analyst',
  provider: 'local',
  model: 'any',
  messages: [{ role: 'user', content: 'What is the trend?' }],
  temperature: 0.2,
  maxTokens: 800,
  schema: null,
};
const key = 'a-key-nobody-may-see-4711';

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'up' }), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
});
afterEach(() => server.close());

function ask(settings: Partial<ProviderSettings> = {}, signal?: AbortSignal, apiKey = key) {
  const gateway = createGateway({
    settings: {
      providers: {
        local: { kind: 'openai-compatible', baseUrl: server.baseUrl, apiKeyEnv: 'LOCAL_KEY', ...settings },
      },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 } } },
    },
    environment: { LOCAL_KEY: apiKey },
    recording: { kind: 'off' },
  });
  return gateway.within('1.technical').chat(request, { signal });
}

/** Every character as an escape, as a server may spell it in JSON. */
function jsonSpelling(text: string): string {
  return [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

async function failureOf(call: Promise<unknown>): Promise<ChatError> {
  const thrown = await call.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof ChatError)) throw thrown;
  return thrown;
}

describe('a call', () => {
  test('sends what the profile and the question say, and prices the answer', async () => {
    const response = await ask();
    expect(server.requests.map(({ body }) => body)).toEqual([
      { model: 'any', messages: request.messages, stream: false, temperature: 0.2, max_tokens: 800 },
    ]);
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`);
    // 100 tokens in at 3 and 20 out at 15 dollars a million.
    expect(response).toMatchObject({ text: 'up', finishReason: 'stop', costUsd: 0.0006, promptTokens: 100 });
    expect(response).toMatchObject({ responseTokens: 20, calls: 1, recorded: false, recording: null });
    expect(response.latencyMs).toBeGreaterThan(0);
  });

  test('counts no tokens and no money where the provider states no usage', async () => {
    const body =
      '{"choices":[{"message":{"content":"up"},"finish_reason":"stop"}],"usage":{"prompt_tokens":"many"}}';
    server.answerWith(() => ({ kind: 'http', body }));
    expect(await ask()).toMatchObject({ text: 'up', answeredBy: 'any', promptTokens: 0, costUsd: 0 });
  });

  test('is a refusal when the message says so or a filter stopped it', async () => {
    server.answerWith(() => ({ kind: 'refusal', text: 'I cannot give advice.' }));
    expect(await ask()).toMatchObject({ finishReason: 'refusal', text: 'I cannot give advice.' });
    server.answerWith(() => ({ kind: 'text', text: '', finishReason: 'refusal' }));
    expect(await ask()).toMatchObject({ finishReason: 'refusal' });
  });
});

describe('a failing provider', () => {
  const once =
    (first: FakeReply): FakeBrain =>
    (_request, call) =>
      call === 1 ? first : { kind: 'text', text: 'up' };

  test.each([
    ['an overloaded server', { kind: 'http', status: 503, body: 'busy' }],
    ['a rate limit', { kind: 'http', status: 429, body: '{}', headers: { 'retry-after': '0' } }],
    ['a connection that closes', { kind: 'reset' }],
    ['half a body', { kind: 'broken-off' }],
    ['JSON that stops half way', { kind: 'http', body: '{"choices":[{"mess' }],
    ['silence', { kind: 'stall' }],
    ['a body in another encoding than it claims', { kind: 'mislabelled' }],
    [
      "an upstream's failure in OpenRouter's manner",
      { kind: 'http', body: '{"error":{"code":502,"message":"x"}}' },
    ],
  ] as const)('is asked again after %s', async (_what, fault) => {
    server.answerWith(once(fault));
    expect(await ask({ timeoutMs: 200 })).toMatchObject({ text: 'up' });
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    [
      'a wrong key',
      { kind: 'http', status: 401, body: '{"error":{"message":"bad key"}}' },
      /answered 401: "bad key"/,
    ],
    [
      'a redirect',
      { kind: 'http', status: 307, body: '', headers: { location: '/elsewhere' } },
      /answered 307/,
    ],
    [
      'a web page',
      { kind: 'http', body: '<html>Welcome\nto\u001b[31m nginx</html>' },
      /"<html>Welcome to \[31m nginx/,
    ],
    ['a completion without choices', { kind: 'http', body: '{"choices":[]}' }, /not a chat completion/],
  ] as const)('is not asked again after %s', async (_what, fault, words) => {
    server.answerWith(() => fault);
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'provider-failed', retryable: false });
    expect(error.message).toMatch(words);
    expect(server.requests).toHaveLength(1);
  });

  test('is given up after the last retry, and says how often it was tried and what that took', async () => {
    server.answerWith(() => ({ kind: 'http', status: 500, body: 'broken' }));
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'provider-failed', retryable: true, status: 500 });
    expect(error.message).toBe('local answered 500: "broken" (3 tries)');
    expect(error.spent).toMatchObject({ provider: 'local', model: 'any', costUsd: 0, calls: 1 });
    // The pauses alone are at least half of 50 and 100 ms.
    expect(error.spent.latencyMs).toBeGreaterThan(70);
    expect(server.requests).toHaveLength(3);
  });

  test('is left alone as long as it asks, but not for longer than a decision can wait', async () => {
    const startedMs = sinceProcessStartMs();
    server.answerWith(once({ kind: 'http', status: 429, body: '{}', headers: { 'retry-after': '1' } }));
    await ask();
    expect(sinceProcessStartMs() - startedMs).toBeGreaterThan(950);
    server.answerWith(() => ({ kind: 'http', status: 429, body: '{}', headers: { 'retry-after': '3600' } }));
    expect(await failureOf(ask())).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    expect(server.requests).toHaveLength(3);
  });

  test('that is not there is named with the reason', async () => {
    await server.close();
    const error = await failureOf(ask({ retries: 0 }));
    expect(error.message).toBe('local could not be reached or broke off (ECONNREFUSED)');
    expect(error.retryable).toBe(true);
  });

  test('that stays silent fails within its time limit', async () => {
    server.answerWith(() => ({ kind: 'stall' }));
    const error = await failureOf(ask({ timeoutMs: 50, retries: 1 }));
    expect(error.message).toBe('local gave no answer within 50 ms (2 tries)');
  });

  test('cannot make us show the key, even by echoing it', async () => {
    const echo = `Your key ${key} (or ${JSON.stringify({ authorization: `Bearer ${key}` })}) is wrong`;
    server.answerWith(() => ({ kind: 'http', status: 401, body: echo }));
    const error = await failureOf(ask());
    expect(error.message).toContain('Your key [redacted]');
    expect(JSON.stringify(error) + error.stack).not.toContain(key);
    server.answerWith(() => ({ kind: 'text', text: echo }));
    expect((await ask()).text).not.toContain(key);
  });

  test.each([
    ['escapes', jsonSpelling(key)],
    ['escapes in capitals, here and there', `a-key-nobody\\u002Dmay-s\\u0065e-4711`],
    ['escapes of escapes', jsonSpelling(key).replaceAll('\\', '\\\\')],
  ])('cannot hide the key from us in JSON %s, be it a value, a name or an error', async (_what, spelt) => {
    const text = `{"action":"${spelt}","${spelt}":1}`;
    server.answerWith(() => ({ kind: 'text', text }));
    expect((await ask()).text).toBe('{"action":"[redacted]","[redacted]":1}');
    server.answerWith(() => ({ kind: 'http', status: 400, body: text }));
    expect((await failureOf(ask())).message).toContain('{"action":"[redacted]","[redacted]":1}');
  });

  test('cannot hide a key of awkward characters either', async () => {
    const awkward = 'n/key"with\\every+thing$&';
    const spellings = [
      JSON.stringify(awkward).slice(1, -1),
      awkward.replace('/', '\\/'),
      jsonSpelling(awkward),
    ];
    server.answerWith(() => ({ kind: 'text', text: `${spellings.join(' ')} n/key` }));
    expect((await ask({}, undefined, awkward)).text).toBe('[redacted] [redacted] [redacted] n/key');
  });

  test.each(['tk-ABC/def+ghi\\"jkl=12345', 'tk-\\u0041BC\\\\ndef-12345'])(
    'cannot show the key %s by pasting it into JSON as it stands, where its backslashes are escapes',
    async (awkward) => {
      server.answerWith(() => ({
        kind: 'http',
        status: 401,
        body: `{"error":{"message":"no ${awkward} here"}}`,
      }));
      expect((await failureOf(ask({}, undefined, awkward))).message).toContain('"no [redacted] here"');
      const decoded: string = JSON.parse(`"${awkward}"`);
      server.answerWith(() => ({ kind: 'text', text: `no ${decoded} here` }));
      expect((await ask({}, undefined, awkward)).text).toBe('no [redacted] here');
    },
  );

  test('cannot leak the head of a key that its excerpt would cut in two', async () => {
    server.answerWith(() => ({ kind: 'http', status: 400, body: `${'x'.repeat(190)}${key}` }));
    expect((await failureOf(ask())).message).not.toContain(key.slice(0, 8));
  });
});

describe('an abort', () => {
  test('by the user interrupts, also between two tries', async () => {
    const controller = new AbortController();
    server.answerWith(() => ({ kind: 'http', status: 429, body: '{}', headers: { 'retry-after': '30' } }));
    const call = ask({}, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(call).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('by the user is not held up by a body that cannot be decoded', async () => {
    const controller = new AbortController();
    server.answerWith(() => ({ kind: 'mislabelled' }));
    const call = ask({}, controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(call).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('is listened for by as many questions as there are, without a warning of Node', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 12 }, () => ask({}, signal)));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  test("by the agent's own time limit is a failure of the call", async () => {
    server.answerWith(() => ({ kind: 'stall' }));
    const error = await failureOf(ask({}, AbortSignal.timeout(50)));
    expect(error.message).toBe("local gave no answer within the agent's time limit");
    expect(error.spent.latencyMs).toBeGreaterThan(0);
  });
});

describe('recorded answers of real providers', () => {
  const folder = join(process.env['ORRERY_DATA'] ?? '../shared/data', 'fixtures/llm');
  const present = existsSync(folder);
  if (!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all') {
    console.warn(`skipped: no provider fixtures in ${folder} (set ORRERY_DATA)`);
  }
  const onRealData = test.skipIf(!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all');

  // Token counts are the fixtures' own usage; texts their first words.
  const answers = [
    ['openai-chat/openai-text.json', 'gpt-4.1-nano-2025-04-14', 'stop', '**Holiday Name:** Galaxy Day'],
    ['openai-compatible-chat/xai-text.json', 'grok-3-mini', 'stop', 'Grok'],
    ['openai-compatible-chat/xai-tool-call.json', 'grok-3-mini', 'tools', ''],
    ['deepseek-chat/deepseek-json.json', 'deepseek-reasoner', 'stop', '{\n  "location": "San Francisco"'],
    ['deepseek-chat/deepseek-reasoning.json', 'deepseek-reasoner', 'stop', 'The word "strawberry"'],
    ['deepseek-chat/deepseek-text.json', 'deepseek-chat', 'length', '## **Holiday Name: Gratitude'],
    ['mistral/mistral-text.json', 'mistral-small-latest', 'stop', '**Holiday Name: "World Kindness'],
    ['mistral/mistral-tool-call.json', 'mistral-small-latest', 'tools', ''],
  ] as const;
  onRealData.each(answers)('%s', async (file, answeredBy, finishReason, beginning) => {
    const body = readFileSync(join(folder, file), 'utf8');
    const { usage } = JSON.parse(body);
    server.answerWith(() => ({ kind: 'http', body }));
    const response = await ask();
    expect(response).toMatchObject({
      answeredBy,
      finishReason,
      promptTokens: usage.prompt_tokens,
      responseTokens: usage.completion_tokens,
    });
    expect(response.text.slice(0, beginning.length || 1)).toBe(beginning);
  });

  const cassettes = [
    ['chat_basic_chat_functionality_ollama_qwen3_can_have_a_basic_conversation', 'qwen3', 295],
    [
      'chat_basic_chat_functionality_openrouter_claude-haiku-4-5_can_have_a_basic_conversation',
      'anthropic/claude-4.5-haiku-20251001',
      13,
    ],
  ] as const;
  onRealData.each(cassettes)('vcr/%s', async (name, answeredBy, responseTokens) => {
    const { body } = exchangeOf(join(folder, 'vcr', `${name}.yml`));
    server.answerWith(() => ({ kind: 'http', body }));
    expect(await ask()).toMatchObject({ answeredBy, finishReason: 'stop', responseTokens });
  });

  const refused = [
    [
      'chat_error_handling_with_openai_gpt-5-nano_raises_appropriate_auth_error',
      401,
      'Incorrect API key provided',
    ],
    [
      'chat_real_error_scenarios_openai_gpt-5-nano_handles_context_length_exceeded_errors',
      400,
      'Your input exceeds the context window',
    ],
    [
      'chat_error_handling_with_anthropic_claude-haiku-4-5_raises_appropriate_auth_error',
      401,
      'invalid x-api-key',
    ],
  ] as const;
  onRealData.each(refused)('vcr/%s', async (name, status, words) => {
    const response = exchangeOf(join(folder, 'vcr', `${name}.yml`));
    server.answerWith(() => ({ kind: 'http', ...response }));
    const error = await failureOf(ask());
    expect(error).toMatchObject({ status, retryable: false });
    expect(error.message).toContain(words);
  });

  onRealData("google's 429, whose words survive the retries", async () => {
    const body = readFileSync(join(folder, 'google/google-429-retry-info.json'), 'utf8');
    server.answerWith(() => ({ kind: 'http', status: 429, body }));
    expect((await failureOf(ask())).message).toBe(
      'local answered 429: "You exceeded your current quota, please check your plan." (3 tries)',
    );
  });
});

/** Ruby's own spelling of YAML's `!!binary`: base64. */
const rubyBinary = {
  tag: '!binary',
  resolve: (text: string) => Buffer.from(text, 'base64').toString('utf8'),
};

/** The one exchange of a VCR cassette. */
function exchangeOf(file: string) {
  const cassette = parse(readFileSync(file, 'utf8'), { customTags: [rubyBinary] });
  const { status, body } = cassette.http_interactions[0].response;
  return { status: status.code as number, body: body.string as string };
}
