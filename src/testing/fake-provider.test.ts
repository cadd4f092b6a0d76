import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerSchema,
  type Decoded,
  eventsOf,
  formats,
  put,
  streamedText,
  textIn,
  tool,
  withSchema,
  withTools,
} from '../../test/wire-client.ts';
import { type FakeFormat, type FakeProvider, type FakeReply, startFakeProvider } from './index.ts';

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'Prices rise, and 📈 goes on rising.' }));
});
afterEach(() => server.close());

async function whole(format: FakeFormat, reply: FakeReply, more: object = {}): Promise<Decoded> {
  server.answerWith(() => reply);
  const response = await put(server, format, { more });
  expect(response.status).toBe(200);
  return response.json();
}

async function streamed(
  format: FakeFormat,
  reply: FakeReply,
  more: object = {},
): Promise<readonly Decoded[]> {
  server.answerWith(() => reply);
  return eventsOf(await put(server, format, { stream: true, more }));
}

describe.each(formats)('in the format %s', (format) => {
  test('a question is read into the same words', async () => {
    await put(server, format);
    await put(server, format, { stream: true, more: { ...withTools[format] } });
    const question = {
      format,
      model: 'm-1',
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Trend?' }],
      temperature: 0.2,
      maxTokens: 800,
      schema: null,
      apiKey: 'key-1',
    };
    expect(server.requests).toMatchObject([
      { ...question, tools: [], stream: false },
      { ...question, tools: [tool], stream: true },
    ]);
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
  });

  test('a schema is read, by its name where the format has one', async () => {
    await put(server, format, { more: withSchema[format] });
    const { name, schema } = answerSchema;
    expect(server.requests[0]?.schema).toEqual({ name: format.startsWith('openai') ? name : null, schema });
  });

  test('a text is answered, whole and in pieces', async () => {
    const text = 'Prices rise, and 📈 goes on rising.';
    expect(textIn(format, await (await put(server, format)).json())).toBe(text);
    const events = await eventsOf(await put(server, format, { stream: true }));
    expect(events.length).toBeGreaterThan(3);
    expect(streamedText(format, events)).toBe(text);
  });

  test('no character is cut in two, wherever the halves meet', async () => {
    for (let count = 1; count < 9; count++) {
      const text = `${'x'.repeat(count % 3)}${'📈'.repeat(100 + count)}`;
      expect(textIn(format, await whole(format, { kind: 'text', text }))).toBe(text);
      expect(streamedText(format, await streamed(format, { kind: 'text', text }))).toBe(text);
    }
  });

  test('an object is answered as JSON', async () => {
    const answer = { up: true, why: 'ema-50 is above ema-200' };
    const body = await whole(format, { kind: 'answer', answer }, withSchema[format]);
    expect(JSON.parse(textIn(format, body) ?? '')).toEqual(answer);
    const events = await streamed(format, { kind: 'answer', answer }, withSchema[format]);
    expect(JSON.parse(streamedText(format, events))).toEqual(answer);
  });

  test('what nobody could read is refused in the words of the vendor', async () => {
    const response = await put(server, format, {
      more: { messages: 'none', input: 5, contents: 'none' },
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Decoded).error.message).toMatch(/messages|input|contents/);
    expect(server.requests).toEqual([]);
  });

  test('a brain that throws is an error of the server, with its words', async () => {
    server.answerWith(() => {
      throw new RangeError('no such role');
    });
    const response = await put(server, format);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("the fake's brain threw: no such role");
  });

  test('the same questions get the same bytes', async () => {
    const other = await startFakeProvider(() => ({ kind: 'text', text: 'up' }));
    server.answerWith(() => ({ kind: 'text', text: 'up' }));
    for (const stream of [false, true]) {
      const [one, two] = await Promise.all([put(server, format, { stream }), put(other, format, { stream })]);
      expect(await one.text()).toBe(await two.text());
    }
    await other.close();
  });
});

const calls = [
  { name: 'price', input: { instrument: 'BTCUSDT' } },
  { id: 'mine-7', name: 'news', input: {} },
];
const asked: FakeReply = { kind: 'tools', text: 'Let me look.', calls };

describe('tools are called', () => {
  test('in chat completions', async () => {
    const { choices } = await whole('openai-chat', asked);
    const written = [
      {
        id: 'call_fake1_0',
        type: 'function',
        function: { name: 'price', arguments: '{"instrument":"BTCUSDT"}' },
      },
      { id: 'mine-7', type: 'function', function: { name: 'news', arguments: '{}' } },
    ];
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: written } });
    const deltas = (await streamed('openai-chat', asked)).flatMap((event) => event.choices?.[0] ?? []);
    const input = deltas
      .flatMap(({ delta }) => delta.tool_calls ?? [])
      .filter(({ index }: Decoded) => index === 0)
      .map(({ function: one }: Decoded) => one.arguments);
    expect(input.join('')).toBe('{"instrument":"BTCUSDT"}');
    expect(input.length).toBeGreaterThan(2);
    expect(deltas.at(-1)).toMatchObject({ finish_reason: 'tool_calls', delta: {} });
  });

  test('in responses', async () => {
    const { output, status } = await whole('openai-responses', asked);
    expect(status).toBe('completed');
    expect(output).toMatchObject([
      { type: 'message', role: 'assistant' },
      {
        type: 'function_call',
        call_id: 'call_fake1_0',
        name: 'price',
        arguments: '{"instrument":"BTCUSDT"}',
      },
      { type: 'function_call', call_id: 'mine-7', name: 'news', arguments: '{}' },
    ]);
    const events = await streamed('openai-responses', asked);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1).response.output).toMatchObject(output.map(({ type }: Decoded) => ({ type })));
    const done = events.filter(({ type }) => type === 'response.function_call_arguments.done');
    expect(done.map((event) => event.arguments)).toEqual(['{"instrument":"BTCUSDT"}', '{}']);
  });

  test('in messages', async () => {
    const body = await whole('anthropic', asked);
    expect(body).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'toolu_fake1_0', name: 'price', input: { instrument: 'BTCUSDT' } },
        { type: 'tool_use', id: 'mine-7', name: 'news', input: {} },
      ],
    });
    const events = await streamed('anthropic', asked);
    const json = events
      .filter(({ index, delta }) => index === 1 && delta)
      .map(({ delta }) => delta.partial_json);
    expect(json.join('')).toBe('{"instrument":"BTCUSDT"}');
    expect(events.find(({ type }) => type === 'message_delta').delta.stop_reason).toBe('tool_use');
  });

  test('in generateContent', async () => {
    const parts = [
      { text: 'Let me look.' },
      { functionCall: { name: 'price', args: { instrument: 'BTCUSDT' } } },
      { functionCall: { id: 'mine-7', name: 'news', args: {} } },
    ];
    const body = await whole('google', asked);
    expect(body.candidates[0]).toMatchObject({ finishReason: 'STOP', content: { role: 'model', parts } });
    const events = await streamed('google', asked);
    expect(events.flatMap((event) => event.candidates[0].content.parts)).toEqual(
      expect.arrayContaining(parts.slice(1)),
    );
  });

  test('and what they gave is read', async () => {
    const input = { instrument: 'X' };
    const turns: Record<FakeFormat, object> = {
      'openai-chat': {
        messages: [
          { role: 'user', content: 'Q' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'c', type: 'function', function: { name: 'price', arguments: '{"instrument":"X"}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'c', content: '5' },
        ],
      },
      'openai-responses': {
        input: [
          { role: 'user', content: [{ type: 'input_text', text: 'Q' }] },
          { type: 'function_call', call_id: 'c', name: 'price', arguments: '{"instrument":"X"}' },
          { type: 'function_call_output', call_id: 'c', output: '5' },
        ],
      },
      anthropic: {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Q' }] },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'price', input }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: '5' }] },
        ],
      },
      google: {
        contents: [
          { role: 'user', parts: [{ text: 'Q' }] },
          { role: 'model', parts: [{ functionCall: { id: 'c', name: 'price', args: input } }] },
          { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'price', response: 5 } }] },
        ],
      },
    };
    for (const format of formats) {
      await put(server, format, { more: turns[format] });
      expect(server.requests.at(-1)?.messages, format).toEqual([
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'price', input }] },
        { role: 'tool', content: '5', toolCallId: 'c' },
      ]);
    }
  });

  test('an answer is given through the one tool that Anthropic is told to call', async () => {
    const { schema } = answerSchema;
    const forced = {
      tools: [{ name: 'json', description: 'Answer.', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'json' },
    };
    const body = await whole('anthropic', { kind: 'answer', answer: { up: true } }, forced);
    expect(body).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'json', input: { up: true } }],
    });
    expect(server.requests[0]?.schema).toEqual({ name: 'json', schema });
  });
});

describe('an answer ends', () => {
  const cut: FakeReply = { kind: 'text', text: 'so', finishReason: 'length' };
  const filtered: FakeReply = { kind: 'text', text: 'so', finishReason: 'refusal' };
  const refused: FakeReply = { kind: 'refusal', text: 'No.' };
  const content = [{ type: 'refusal', refusal: 'No.' }];
  /** What the plain response holds, and what the stream's last event but `after` holds. */
  const ends: readonly [FakeFormat, FakeReply, object, object, number][] = [
    ['openai-chat', cut, ...alike({ choices: [{ finish_reason: 'length' }] }), 1],
    ['openai-chat', filtered, ...alike({ choices: [{ finish_reason: 'content_filter' }] }), 1],
    [
      ...(['openai-chat', refused] as const),
      { choices: [{ finish_reason: 'stop', message: { content: null, refusal: 'No.' } }] },
      { choices: [{ delta: { refusal: 'No.' } }] },
      2,
    ],
    ['openai-responses', cut, ...inResponse({ incomplete_details: { reason: 'max_output_tokens' } }), 0],
    ['openai-responses', filtered, ...inResponse({ incomplete_details: { reason: 'content_filter' } }), 0],
    ['openai-responses', refused, ...inResponse({ status: 'completed', output: [{ content }] }), 0],
    ['anthropic', cut, { stop_reason: 'max_tokens' }, { delta: { stop_reason: 'max_tokens' } }, 1],
    ['anthropic', refused, { stop_reason: 'refusal' }, { delta: { stop_reason: 'refusal' } }, 1],
    ['google', cut, ...alike({ candidates: [{ finishReason: 'MAX_TOKENS' }] }), 0],
    ['google', refused, ...alike({ candidates: [{ finishReason: 'SAFETY' }] }), 0],
  ];
  test.each(ends)('in %s after %o', async (format, reply, plain, event, after) => {
    expect(await whole(format, reply)).toMatchObject(plain);
    expect((await streamed(format, reply)).at(-1 - after)).toMatchObject(event);
  });

  function alike(expected: object): readonly [object, object] {
    return [expected, expected];
  }
  function inResponse(expected: object): readonly [object, object] {
    return [expected, { response: expected }];
  }
});

describe('usage', () => {
  const usage = { promptTokens: 1000, responseTokens: 20, cachedPromptTokens: 600, cacheWriteTokens: 100 };
  const reply: FakeReply = { kind: 'text', text: 'up', usage };

  test('is stated as each vendor counts', async () => {
    expect((await whole('openai-chat', reply)).usage).toMatchObject({
      ...{ prompt_tokens: 1000, completion_tokens: 20, total_tokens: 1020 },
      prompt_tokens_details: { cached_tokens: 600 },
    });
    expect((await whole('openai-responses', reply)).usage).toMatchObject({
      ...{ input_tokens: 1000, output_tokens: 20, total_tokens: 1020 },
      input_tokens_details: { cached_tokens: 600 },
    });
    expect((await whole('anthropic', reply)).usage).toMatchObject({
      ...{ input_tokens: 300, output_tokens: 20 },
      ...{ cache_read_input_tokens: 600, cache_creation_input_tokens: 100 },
    });
    expect((await whole('google', reply)).usageMetadata).toEqual({
      ...{ promptTokenCount: 1000, candidatesTokenCount: 20, totalTokenCount: 1020 },
      cachedContentTokenCount: 600,
    });
  });

  test('ends a stream; that of chat completions only where it was asked for', async () => {
    const bare = await streamed('openai-chat', reply);
    expect(bare.some((event) => event.usage !== undefined)).toBe(false);
    const told = await streamed('openai-chat', reply, { stream_options: { include_usage: true } });
    expect(told.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 1000 } });
    expect((await streamed('openai-responses', reply)).at(-1).response.usage.input_tokens).toBe(1000);
    expect((await streamed('anthropic', reply)).at(-2).usage.output_tokens).toBe(20);
    expect((await streamed('google', reply)).at(-1).usageMetadata.promptTokenCount).toBe(1000);
  });

  test('is by length unless the reply or the server says otherwise', async () => {
    // "Be brief.\nTrend?" has 16 characters, "up and up" 9.
    const body = await whole('openai-chat', { kind: 'text', text: 'up and up' });
    expect(body.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 3 });
    const fixed = await startFakeProvider(() => ({ kind: 'text', text: 'up' }), {
      usage: { promptTokens: 100, responseTokens: 20 },
    });
    const other = (await (await put(fixed, 'google')).json()) as Decoded;
    expect(other.usageMetadata).toMatchObject({ promptTokenCount: 100, totalTokenCount: 120 });
    await fixed.close();
  });
});

describe('beside chat', () => {
  async function get(path: string, headers: Record<string, string> = {}): Promise<Decoded> {
    return (await fetch(`${server.origin}${path}`, { headers })).json();
  }

  test('models are listed as each vendor does', async () => {
    expect(await get('/v1/models')).toMatchObject({
      object: 'list',
      data: [{ id: 'fake-model', object: 'model' }],
    });
    expect(await get('/v1/models', { 'anthropic-version': '2023-06-01' })).toMatchObject({
      data: [{ id: 'fake-model', type: 'model' }],
      has_more: false,
    });
    expect(await get('/v1beta/models')).toMatchObject({ models: [{ name: 'models/fake-model' }] });
    const other = await startFakeProvider(() => ({ kind: 'stall' }), { models: ['small', 'large'] });
    const listed: Decoded = await (await fetch(`${other.baseUrl}/models`)).json();
    expect(listed.data.map(({ id }: Decoded) => id)).toEqual(['small', 'large']);
    await other.close();
  });

  test('what is not there is not found, and what Anthropic insists on is missed', async () => {
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${server.origin}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
    expect((await post('/v1/completions', {})).status).toBe(404);
    expect((await post('/v1beta/models/m:countTokens', {})).status).toBe(404);
    const messages = [{ role: 'user', content: 'Q' }];
    const bare = await post('/v1/messages', { model: 'm', messages, max_tokens: 5 });
    expect(await bare.text()).toContain('anthropic-version: header is required');
    const endless = await post(
      '/v1/messages',
      { model: 'm', messages },
      { 'anthropic-version': '2023-06-01' },
    );
    expect(await endless.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'max_tokens: Field required' },
    });
  });

  test('Google streams one array to those who do not ask for events', async () => {
    server.answerWith(() => ({ kind: 'text', text: 'Prices rise, and go on.' }));
    const response = await fetch(`${server.googleBaseUrl}/models/m-1:streamGenerateContent?key=key-2`, {
      method: 'POST',
      body: JSON.stringify({ contents: [{ parts: [{ text: 'Trend?' }] }] }),
    });
    const chunks = (await response.json()) as readonly Decoded[];
    expect(streamedText('google', chunks)).toBe('Prices rise, and go on.');
    expect(server.requests[0]).toMatchObject({ apiKey: 'key-2', stream: true });
  });
});

describe('its port', () => {
  test('may be named, so that one that is started again keeps its address', async () => {
    const first = await startFakeProvider(() => ({ kind: 'stall' }));
    const port = Number(new URL(first.origin).port);
    await expect(startFakeProvider(() => ({ kind: 'stall' }), { port })).rejects.toMatchObject({
      code: 'port-taken',
    });
    await first.close();
    const second = await startFakeProvider(() => ({ kind: 'stall' }), { port });
    expect(second.origin).toBe(first.origin);
    await second.close();
  });

  test.each([-1, 1.5, 65_536, Number.NaN])('%s is none', async (port) => {
    await expect(startFakeProvider(() => ({ kind: 'stall' }), { port })).rejects.toMatchObject({
      code: 'usage-invalid',
    });
  });
});
