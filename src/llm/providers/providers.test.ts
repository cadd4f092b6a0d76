import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askStreamed, plainRequest, providerAt, secretKey } from '../../../test/ask-provider.ts';
import { eventStream } from '../../../test/wire-fixtures.ts';
import { startWireServer, type WireReply, type WireServer } from '../../../test/wire-server.ts';
import type { ChatRequest, FinishReason } from '../chat.ts';
import { createRedact } from '../redact.ts';
import { createProvider } from './create-provider.ts';

/** One of each protocol. */
const kinds = ['openai-compatible', 'anthropic', 'openai', 'google'] as const;
type Kind = (typeof kinds)[number];

let server: WireServer;
beforeEach(async () => {
  server = await startWireServer();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** An answer in each protocol, hand-made. `finish` is in the protocol's own words. */
function answerOf(kind: Kind, { text = 'up', finish = '', calls = [] as readonly object[] } = {}): object {
  switch (kind) {
    case 'openai-compatible':
      return {
        model: 'answering-model',
        choices: [{ message: { content: text, tool_calls: calls }, finish_reason: finish || 'stop' }],
        usage: {
          ...{ prompt_tokens: 100, completion_tokens: 20, prompt_cache_hit_tokens: 64 },
        },
      };
    case 'anthropic':
      return {
        ...{ type: 'message', id: 'm', role: 'assistant', model: 'answering-model' },
        content: [...(text === '' ? [] : [{ type: 'text', text }]), ...calls],
        stop_reason: finish || 'end_turn',
        usage: {
          ...{ input_tokens: 30, output_tokens: 20 },
          ...{ cache_read_input_tokens: 64, cache_creation_input_tokens: 6 },
        },
      };
    case 'openai':
      return {
        ...{ id: 'r', created_at: 0, model: 'answering-model', error: null },
        output: [
          {
            ...{ type: 'message', id: 'm', role: 'assistant' },
            content: [{ type: 'output_text', text, annotations: [] }],
          },
          ...calls,
        ],
        incomplete_details: finish === '' ? null : { reason: finish },
        usage: { input_tokens: 100, output_tokens: 20, input_tokens_details: { cached_tokens: 64 } },
      };
    case 'google':
      return {
        candidates: [
          {
            content: { role: 'model', parts: [...(text === '' ? [] : [{ text }]), ...calls] },
            finishReason: finish || 'STOP',
          },
        ],
        usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, cachedContentTokenCount: 64 },
        modelVersion: 'answering-model',
      };
  }
}

const reply = (kind: Kind, given?: Parameters<typeof answerOf>[1]) =>
  server.replyWith({ body: JSON.stringify(answerOf(kind, given)) });

/** An answer in two pieces of text, streamed. */
function streamOf(kind: Kind, pieces: readonly string[], ended = true): string {
  const events: object[] = [];
  if (kind === 'openai-compatible') {
    events.push(...pieces.map((content) => ({ choices: [{ delta: { content } }] })));
    if (ended) events.push({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    return eventStream(events.map((event) => JSON.stringify(event))) + (ended ? 'data: [DONE]\n\n' : '');
  }
  if (kind === 'google') {
    events.push(
      ...pieces.map((text) => ({ candidates: [{ content: { role: 'model', parts: [{ text }] } }] })),
    );
    if (ended) events.push({ candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'STOP' }] });
  }
  if (kind === 'anthropic') {
    const usage = { input_tokens: 1, output_tokens: 1 };
    events.push({
      type: 'message_start',
      message: { id: 'm', model: 'x', role: 'assistant', content: [], usage },
    });
    events.push({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    const delta = (text: string) => ({ type: 'text_delta', text });
    events.push(...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: delta(text) })));
    if (ended)
      events.push(
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' },
      );
  }
  if (kind === 'openai') {
    const item = { type: 'message', id: 'm', role: 'assistant', content: [] };
    events.push({ type: 'response.created', response: { id: 'r', created_at: 0, model: 'x' } });
    events.push({ type: 'response.output_item.added', output_index: 0, item });
    events.push(...pieces.map((delta) => ({ type: 'response.output_text.delta', item_id: 'm', delta })));
    const usage = { input_tokens: 1, output_tokens: 1 };
    if (ended) events.push({ type: 'response.completed', response: { usage } });
  }
  return eventStream(events.map((event) => JSON.stringify(event)));
}

const schema = {
  type: 'object',
  properties: { action: { type: 'string', enum: ['BUY', 'SELL'] } },
  required: ['action'],
  additionalProperties: false,
} as const;
const conversation: ChatRequest = {
  ...plainRequest,
  messages: [
    ...plainRequest.messages,
    { role: 'assistant', content: '', toolCalls: [{ id: 'call-1', name: 'price', input: { symbol: 'A' } }] },
    { role: 'tool', toolCallId: 'call-1', content: '42' },
  ],
  tools: [{ name: 'price', description: 'The last price.', schema }],
  ...{ temperature: 0.2, maxTokens: 800 },
};

describe('what is sent', () => {
  test('to an OpenAI-compatible server', async () => {
    reply('openai-compatible');
    const { answer } = await askStreamed(providerAt(server, 'openai-compatible'), false, conversation);
    expect(answer?.text).toBe('up');
    expect(server.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${secretKey}` },
    });
    expect(server.requests[0]?.body).toMatchObject({
      ...{ model: 'some-model', temperature: 0.2, max_tokens: 800, stream: false },
      messages: [
        ...plainRequest.messages,
        {
          ...{ role: 'assistant', content: '' },
          tool_calls: [
            { id: 'call-1', type: 'function', function: { name: 'price', arguments: '{"symbol":"A"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call-1', content: '42' },
      ],
      tools: [
        { type: 'function', function: { name: 'price', description: 'The last price.', parameters: schema } },
      ],
    });
  });

  test('to Anthropic, with the system message marked for its cache', async () => {
    reply('anthropic');
    await askStreamed(providerAt(server, 'anthropic'), false, conversation);
    expect(server.requests[0]).toMatchObject({ path: '/v1/messages', headers: { 'x-api-key': secretKey } });
    expect(server.requests[0]?.body).toMatchObject({
      ...{ model: 'some-model', temperature: 0.2, max_tokens: 800 },
      system: [{ text: 'You are a technical analyst.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'What is the trend?' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call-1', name: 'price', input: { symbol: 'A' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call-1', content: '42' }] },
      ],
      tools: [{ name: 'price', description: 'The last price.', input_schema: schema }],
    });
  });

  test('to OpenAI, which is not to keep it', async () => {
    reply('openai');
    await askStreamed(providerAt(server, 'openai'), false, conversation);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/responses',
      headers: { authorization: `Bearer ${secretKey}` },
    });
    expect(server.requests[0]?.body).toMatchObject({
      ...{ model: 'some-model', temperature: 0.2, max_output_tokens: 800, store: false },
      input: [
        { role: 'system', content: 'You are a technical analyst.' },
        { role: 'user', content: [{ type: 'input_text', text: 'What is the trend?' }] },
        { type: 'function_call', call_id: 'call-1', name: 'price', arguments: '{"symbol":"A"}' },
        { type: 'function_call_output', call_id: 'call-1', output: '42' },
      ],
      tools: [{ type: 'function', name: 'price', description: 'The last price.', parameters: schema }],
    });
  });

  test('to Google', async () => {
    reply('google');
    await askStreamed(providerAt(server, 'google'), false, conversation);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/models/some-model:generateContent',
      headers: { 'x-goog-api-key': secretKey },
    });
    expect(server.requests[0]?.body).toMatchObject({
      generationConfig: { temperature: 0.2, maxOutputTokens: 800 },
      systemInstruction: { parts: [{ text: 'You are a technical analyst.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'What is the trend?' }] },
        { role: 'model', parts: [{ functionCall: { name: 'price', args: { symbol: 'A' } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'price', response: { content: '42' } } }] },
      ],
    });
  });

  test('as the schema of an answer, in the way of each protocol', async () => {
    const asked: ChatRequest = { ...plainRequest, schema: { name: 'risk-officer', schema } };
    const sent = async (kind: Kind, model = 'some-model') => {
      reply(kind);
      await askStreamed(providerAt(server, kind), false, { ...asked, model });
      return server.requests.at(-1)?.body;
    };
    expect((await sent('openai-compatible')).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'risk-officer', schema, strict: true },
    });
    expect((await sent('openai')).text.format).toEqual({
      ...{ type: 'json_schema', name: 'risk-officer', schema, strict: true },
    });
    expect((await sent('google')).generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseSchema: { type: 'object', properties: { action: { enum: ['BUY', 'SELL'] } } },
    });
    expect((await sent('anthropic', 'claude-sonnet-4-5')).output_config.format).toMatchObject({
      type: 'json_schema',
      schema: { required: ['action'] },
    });
  });

  test.each(kinds)('to %s knows nothing of what the environment says', async (kind) => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'not-asked-for');
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'not-asked-for');
    vi.stubEnv('OPENAI_API_KEY', 'not-asked-for');
    vi.stubEnv('GOOGLE_GENERATIVE_AI_API_KEY', 'not-asked-for');
    for (const name of ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL']) vi.stubEnv(name, 'http://127.0.0.1:1');
    reply(kind);
    const { answer } = await askStreamed(providerAt(server, kind), false);
    expect(answer?.text).toBe('up');
    expect(JSON.stringify(server.requests)).not.toContain('not-asked-for');
  });
});

describe('an answer', () => {
  test.each([
    ['openai-compatible', 0],
    ['anthropic', 6],
    ['openai', 0],
    ['google', 0],
  ] as const)('of %s counts the cached part of the prompt apart', async (kind, cacheWriteTokens) => {
    reply(kind);
    const { answer } = await askStreamed(providerAt(server, kind), false);
    expect(answer).toMatchObject({
      ...{ text: 'up', answeredBy: 'answering-model', promptTokens: 100, responseTokens: 20 },
      ...{ cachedPromptTokens: 64, cacheWriteTokens, calls: 1, finishReason: 'stop', toolCalls: [] },
    });
  });

  const openAiCall = (input: string) => ({
    id: 'c',
    type: 'function',
    function: { name: 'price', arguments: input },
  });
  test.each<[Kind, string, readonly object[], FinishReason]>([
    ['openai-compatible', 'length', [], 'length'],
    ['openai-compatible', 'content_filter', [], 'refusal'],
    ['openai-compatible', 'tool_calls', [openAiCall('{}')], 'tools'],
    ['openai-compatible', 'stop', [openAiCall('')], 'tools'],
    ['openai-compatible', 'tool_calls', [], 'other'],
    ['openai-compatible', 'length', [openAiCall('{"half')], 'length'],
    ['openai-compatible', 'weather', [], 'other'],
    ['anthropic', 'max_tokens', [], 'length'],
    ['anthropic', 'refusal', [], 'refusal'],
    ['anthropic', 'stop_sequence', [], 'stop'],
    ['anthropic', 'tool_use', [{ type: 'tool_use', id: 'c', name: 'price', input: {} }], 'tools'],
    ['anthropic', 'weather', [], 'other'],
    ['openai', 'max_output_tokens', [], 'length'],
    ['openai', 'content_filter', [], 'refusal'],
    [
      'openai',
      '',
      [{ type: 'function_call', id: 'f', call_id: 'c', name: 'price', arguments: '{}' }],
      'tools',
    ],
    ['google', 'MAX_TOKENS', [], 'length'],
    ['google', 'SAFETY', [], 'refusal'],
    ['google', 'PROHIBITED_CONTENT', [], 'refusal'],
    ['google', 'STOP', [{ functionCall: { name: 'price', args: {} } }], 'tools'],
    ['google', 'OTHER', [], 'other'],
  ])('of %s that ends with %s and %j', async (kind, finish, calls, finishReason) => {
    reply(kind, { finish, calls });
    const { answer } = await askStreamed(providerAt(server, kind), false, conversation);
    expect(answer?.finishReason).toBe(finishReason);
    expect(answer?.toolCalls.map(({ name, input }) => ({ name, input }))).toEqual(
      finishReason === 'tools' ? [{ name: 'price', input: {} }] : [],
    );
  });

  test('of OpenAI that is a refusal', async () => {
    const content = [{ type: 'refusal', refusal: 'I cannot give advice.' }];
    const given = {
      ...answerOf('openai'),
      output: [{ type: 'message', id: 'm', role: 'assistant', content }],
    };
    server.replyWith({ body: JSON.stringify(given) });
    const { answer } = await askStreamed(providerAt(server, 'openai'), false);
    expect(answer).toMatchObject({ finishReason: 'refusal', text: 'I cannot give advice.' });
  });

  test('of Google to a prompt that it blocks is a refusal', async () => {
    server.replyWith({
      body: '{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9}}',
    });
    const { answer } = await askStreamed(providerAt(server, 'google'), false);
    expect(answer).toMatchObject({ finishReason: 'refusal', text: '', promptTokens: 9 });
  });

  test.each(kinds)('of %s comes piece by piece, and in one when the server does not stream', async (kind) => {
    server.replyWith({ body: streamOf(kind, ['The trend', ' is up.']), stream: true });
    const { answer, pieces } = await askStreamed(providerAt(server, kind), true);
    expect(pieces).toEqual(['The trend', ' is up.']);
    expect(answer).toMatchObject({ text: 'The trend is up.', finishReason: 'stop' });
  });

  test('of a compatible server that cannot stream comes in one', async () => {
    reply('openai-compatible');
    const { answer, pieces } = await askStreamed(providerAt(server, 'openai-compatible'), true);
    expect(pieces).toEqual(['up']);
    expect(answer).toMatchObject({ text: 'up', promptTokens: 100 });
  });

  test('calls several tools, whose pieces arrive mixed or without an index', async () => {
    const chunk = (tool_calls: readonly object[]) => JSON.stringify({ choices: [{ delta: { tool_calls } }] });
    const end = '{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}';
    const ask = async (chunks: readonly string[]) => {
      server.replyWith({ body: `${eventStream([...chunks, end])}data: [DONE]\n\n`, stream: true });
      return (await askStreamed(providerAt(server, 'openai-compatible'), true)).answer?.toolCalls;
    };
    const both = [
      { id: 'a', name: 'price', input: { symbol: 'A' } },
      { id: 'b', name: 'news', input: {} },
    ];
    const mixed = [
      chunk([{ index: 0, id: 'a', function: { name: 'price', arguments: '{"sym' } }]),
      chunk([{ index: 1, id: 'b', function: { name: 'news', arguments: '{' } }]),
      chunk([
        { index: 0, function: { arguments: 'bol":"A"}' } },
        { index: 1, function: { arguments: '}' } },
      ]),
    ];
    expect(await ask(mixed)).toEqual(both);
    const whole = [
      chunk([{ id: 'a', function: { name: 'price', arguments: '{"symbol":"A"}' } }]),
      chunk([{ id: 'b', function: { name: 'news', arguments: {} } }]),
    ];
    expect(await ask(whole)).toEqual(both);
  });
});

describe('what is no answer', () => {
  const bodies = [
    '',
    'nonsense',
    '{"choices":',
    '{"a":1}',
    '[]',
    'null',
    '5',
    '<html>hello</html>',
    '{"choices":[]}',
  ];
  const events = [
    '',
    'data: nonsense\n\n',
    'data: {"a":1}\n\n',
    'data: 5\n\n',
    'data: [DONE]\n\n',
    ': ping\n\n',
    'nonsense',
  ];
  test.each(kinds)('is a failure of %s', async (kind) => {
    const provider = providerAt(server, kind);
    const replies: readonly WireReply[] = [
      ...bodies.map((body) => ({ body })),
      ...events.map((body) => ({ body, stream: true })),
    ];
    for (const given of replies) {
      for (const streamed of [true, false]) {
        server.replyWith(given);
        const { answer, error } = await askStreamed(provider, streamed);
        expect(answer, `${JSON.stringify(given)} ${streamed}`).toBeNull();
        expect(error).toMatchObject({ code: 'provider-failed', shown: false });
      }
    }
  });

  test.each(kinds)('tells of %s what had come, and whether it was shown', async (kind) => {
    const body = streamOf(kind, ['The trend', ' is up.'], false);
    server.replyWith({ body, stream: true });
    const { error, pieces } = await askStreamed(providerAt(server, kind), true);
    expect(error).toMatchObject({ retryable: true, shown: true, raw: body });
    expect(error?.message).toBe('wire broke off its answer');
    expect(pieces).toEqual(['The trend', ' is up.']);
  });

  test('is an error in a stream, with the status that it is called by', async () => {
    const overloaded = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
    const upstream = '{"error":{"code":502,"message":"the upstream failed"}}';
    const ask = async (kind: Kind, body: string) => {
      server.replyWith({ body, stream: true });
      return (await askStreamed(providerAt(server, kind), true)).error;
    };
    const first = await ask('anthropic', eventStream([overloaded]));
    expect(first).toMatchObject({ status: 529, retryable: true, shown: false });
    const later = await ask('anthropic', streamOf('anthropic', ['The '], false) + eventStream([overloaded]));
    expect(later).toMatchObject({ status: 529, shown: true });
    expect(later?.message).toBe('wire answered 529: "Overloaded"');
    const compatible = await ask(
      'openai-compatible',
      streamOf('openai-compatible', ['The '], false) + eventStream([upstream]),
    );
    expect(compatible).toMatchObject({ status: 502, retryable: true, shown: true });
  });

  test.each<[Kind, string, string]>([
    ['openai-compatible', 'no content', '{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}'],
    [
      'openai-compatible',
      'white space',
      '{"choices":[{"message":{"content":" \\n"},"finish_reason":"stop"}]}',
    ],
    [
      ...(['openai-compatible', 'nothing but thoughts'] as const),
      '{"choices":[{"message":{"content":"","reasoning_content":"so…"},"finish_reason":"stop"}]}',
    ],
    [
      ...(['openai-compatible', 'no call, although it wants tools'] as const),
      '{"choices":[{"message":{"tool_calls":[]},"finish_reason":"tool_calls"}]}',
    ],
    [
      ...(['anthropic', 'no content'] as const),
      '{"type":"message","id":"m","model":"c","role":"assistant","content":[],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":0}}',
    ],
    ['google', 'no content', '{"candidates":[{"finishReason":"STOP","index":0}]}'],
    [
      ...(['openai', 'no output'] as const),
      '{"id":"r","created_at":1,"status":"completed","model":"m","output":[],"usage":{"input_tokens":7,"output_tokens":1}}',
    ],
  ])('is one of %s with %s', async (kind, _what, body) => {
    server.replyWith({ body });
    const { answer, error } = await askStreamed(providerAt(server, kind), false);
    expect(answer).toBeNull();
    expect(error).toMatchObject({
      code: 'answer-invalid',
      message: 'wire gave an empty answer',
      retryable: true,
    });
    if (body.includes(':7')) expect(error?.spent).toMatchObject({ promptTokens: 7 });
  });

  test.each(kinds)('is a stream of %s that ends by itself without a word', async (kind) => {
    server.replyWith({ body: streamOf(kind, []), stream: true });
    const { error, pieces } = await askStreamed(providerAt(server, kind), true);
    expect(error).toMatchObject({ message: 'wire gave an empty answer', retryable: true, shown: false });
    expect(pieces).toEqual([]);
  });

  test.each<[string, Kind, string]>([
    [
      'has no reason to have ended',
      'openai-compatible',
      '{"choices":[{"message":{"content":"half an ans"}}]}',
    ],
    [
      ...(['has an empty one', 'openai-compatible'] as const),
      '{"choices":[{"message":{"content":"half an ans"},"finish_reason":null}]}',
    ],
    [
      ...(['is in progress', 'openai'] as const),
      JSON.stringify({ ...answerOf('openai', { text: 'half an ans' }), status: 'in_progress' }),
    ],
  ])('is an answer that %s', async (_what, kind, body) => {
    server.replyWith({ body });
    const { error } = await askStreamed(providerAt(server, kind), false);
    expect(error).toMatchObject({ code: 'provider-failed', retryable: true });
    expect(error?.message).toMatch(/^wire broke off its answer: "/);
  });

  test('is an error beside an answer', async () => {
    const choices = [{ message: { content: 'half' }, finish_reason: 'stop' }];
    const ask = async (error: unknown) => {
      server.replyWith({ body: JSON.stringify({ error, choices }) });
      return await askStreamed(providerAt(server, 'openai-compatible'), false);
    };
    expect((await ask({ message: 'it died', code: 502 })).error).toMatchObject({
      status: 502,
      retryable: true,
    });
    expect((await ask('it died')).error?.message).toBe('wire gave up its answer: "it died"');
    expect((await ask(null)).answer?.text).toBe('half');
  });

  test('is an error in a stream that only its event, or nothing, calls one', async () => {
    const end = `${eventStream(['{"choices":[{"delta":{},"finish_reason":"stop"}]}'])}data: [DONE]\n\n`;
    const faults = [
      'event: error\ndata: {"message":"overloaded","type":"server_error"}\n\n',
      'data: {"message":"overloaded","code":"server_error"}\n\n',
      'event: error\ndata: {"error":{"message":"overloaded","code":500}}\n\n',
    ];
    for (const fault of faults) {
      const body = streamOf('openai-compatible', ['The '], false) + fault + end;
      server.replyWith({ body, stream: true });
      const { error } = await askStreamed(providerAt(server, 'openai-compatible'), true);
      expect(error).toMatchObject({ status: 500, message: 'wire answered 500: "overloaded"', shown: true });
    }
    server.replyWith({ body: `event: error\ndata: it died\n\n${end}`, stream: true });
    const { error } = await askStreamed(providerAt(server, 'openai-compatible'), true);
    expect(error?.message).toBe('wire gave up its answer: "it died"');
  });

  test('is not what another choice says, nor an event that holds none', async () => {
    const events = [
      '{}',
      '{"type":"ping"}',
      '{"choices":[{"index":0,"delta":{"content":"A"}}]}',
      '{"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"stop"}]}',
      '{"choices":[{"index":1,"delta":{"content":"B"}},{"index":0,"delta":{"content":"C"}}]}',
      '{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}',
    ];
    server.replyWith({ body: `${eventStream(events)}data: [DONE]\n\n`, stream: true });
    const { answer } = await askStreamed(providerAt(server, 'openai-compatible'), true);
    expect(answer).toMatchObject({ text: 'AC', finishReason: 'length' });
  });

  test('is the call of a tool without a name', async () => {
    reply('openai-compatible', { finish: 'tool_calls', calls: [{ id: '', function: { arguments: '' } }] });
    const { error } = await askStreamed(providerAt(server, 'openai-compatible'), false, conversation);
    expect(error).toMatchObject({ code: 'provider-failed', retryable: true });
    expect(error?.message).toContain('called a tool without a name');
  });

  test.each(['openai-compatible', 'google'] as const)(
    'is a body of %s without end, however small it is packed',
    async (kind) => {
      const packed = gzipSync(Buffer.alloc(65 * 2 ** 20, ' '), { level: 1 });
      const bomb = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(packed);
      });
      await new Promise<void>((resolve) => bomb.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = bomb.address() as AddressInfo;
        const at = { ...server, url: `http://127.0.0.1:${port}` };
        const { error } = await askStreamed(providerAt(at, kind), false);
        expect(error).toMatchObject({
          message: 'wire sent an answer of more than 64 MB',
          ...{ retryable: false, shown: false },
        });
      } finally {
        bomb.closeAllConnections();
        bomb.close();
      }
    },
  );

  test.each(kinds)('is an event of %s without end', async (kind) => {
    server.replyWith({ body: `data: ${' '.repeat(9 * 2 ** 20)}`, stream: true });
    const { error } = await askStreamed(providerAt(server, kind), true);
    expect(error).toMatchObject({ message: 'wire sent a piece of more than 8 MB', retryable: false });
  });

  test('is the call of a tool with half its arguments', async () => {
    const half = { id: 'c', function: { name: 'price', arguments: '{"symbol":' } };
    reply('openai-compatible', { finish: 'tool_calls', calls: [half] });
    const { error } = await askStreamed(providerAt(server, 'openai-compatible'), false, conversation);
    expect(error).toMatchObject({ code: 'provider-failed', retryable: true });
    expect(error?.message).toContain('called price with no JSON');
  });

  test.each(kinds)('is a body of %s, or arguments, that are nested without end', async (kind) => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    for (const body of [deep, `{"choices":[{"message":{"tool_calls":[${deep}]}}]}`]) {
      server.replyWith({ body });
      const { error } = await askStreamed(providerAt(server, kind), false, conversation);
      expect(error).toMatchObject({ code: 'provider-failed' });
    }
    if (kind !== 'openai-compatible') return;
    for (const written of [deep, JSON.stringify(deep)]) {
      const call = `{"id":"c","function":{"name":"price","arguments":${written}}}`;
      server.replyWith({
        body: `{"choices":[{"message":{"tool_calls":[${call}]},"finish_reason":"tool_calls"}]}`,
      });
      const { error } = await askStreamed(providerAt(server, kind), false, conversation);
      expect(error).toMatchObject({ code: 'provider-failed' });
    }
  });
});

describe('a refusal of the server', () => {
  test.each(kinds)('of %s is a redirect that is not followed', async (kind) => {
    const elsewhere = await startWireServer();
    server.replyWith({ status: 307, headers: { location: `${elsewhere.url}/v1/messages` }, body: '' });
    const { error } = await askStreamed(providerAt(server, kind), false);
    await elsewhere.close();
    expect(error).toMatchObject({ status: 307, retryable: false });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each(kinds)('of %s says how long to wait, in seconds or milliseconds', async (kind) => {
    const ask = async (headers: Record<string, string>) => {
      server.replyWith({ status: 429, headers, body: '{"error":{"message":"slow down"}}' });
      return (await askStreamed(providerAt(server, kind), false)).error;
    };
    expect(await ask({ 'retry-after': '7' })).toMatchObject({
      status: 429,
      retryAfterMs: 7_000,
      retryable: true,
    });
    expect(await ask({ 'retry-after': '7', 'retry-after-ms': '6500' })).toMatchObject({
      retryAfterMs: 6_500,
    });
    expect(await ask({})).toMatchObject({ retryAfterMs: null, message: 'wire answered 429: "slow down"' });
    expect(server.requests).toHaveLength(3);
  });
});

describe('the key', () => {
  test.each(['openai', 'anthropic', 'google', 'openai-compatible'] as const)(
    'of %s is no word at all where there is none',
    async (kind) => {
      reply(kind);
      const settings = { kind, baseUrl: `${server.url}/v1` } as const;
      await createProvider('wire', settings, null, createRedact({ providers: {}, profiles: {} }, {})).chat(
        plainRequest,
      );
      const { headers } = server.requests[0]!;
      for (const name of ['authorization', 'x-api-key', 'x-goog-api-key'])
        expect(headers).not.toHaveProperty(name);
    },
  );

  test.each(kinds)('is not shown by what %s echoes', async (kind) => {
    const provider = providerAt(server, kind);
    server.replyWith({ status: 401, body: JSON.stringify({ error: { message: `Wrong key ${secretKey}` } }) });
    const { error } = await askStreamed(provider, false);
    expect(error?.message).toBe('wire answered 401: "Wrong key [redacted]"');
    expect(JSON.stringify(error) + error?.stack).not.toContain(secretKey);
    reply(kind, { text: `My key is ${secretKey}.` });
    expect((await askStreamed(provider, false)).answer?.text).toBe('My key is [redacted].');
    const half = [`My key is ${secretKey.slice(0, 9)}`, `${secretKey.slice(9)}.`];
    server.replyWith({ body: streamOf(kind, half), stream: true });
    const { answer, pieces } = await askStreamed(provider, true);
    expect(pieces).toEqual(['My key is ', '[redacted].']);
    expect(answer?.text).toBe('My key is [redacted].');
    server.replyWith({
      body: streamOf(kind, [...half, ' And'], false).replace(half[0]!, `My key is ${secretKey}`),
      stream: true,
    });
    const broken = await askStreamed(provider, true);
    expect(broken.error?.raw).not.toContain(secretKey);
  });

  test.each(kinds)('is not to be put together from what is left of a broken stream of %s', async (kind) => {
    const provider = providerAt(server, kind);
    const pieces = ['My key is ', secretKey.slice(0, 9), secretKey.slice(9), ' indeed'];
    const whole = streamOf(kind, pieces, false);
    for (let end = whole.length; end > 0; end -= 11) {
      server.replyWith({ body: whole.slice(0, end), stream: true });
      const { error } = await askStreamed(provider, true);
      const kept = JSON.stringify({ message: error?.message, raw: error?.raw });
      for (const part of [secretKey.slice(0, 9), secretKey.slice(9, -1)]) expect(kept).not.toContain(part);
    }
  });

  test.each(kinds)('is not shown in part where a body of %s is cut off in it', async (kind) => {
    const whole = JSON.stringify(answerOf(kind, { text: `My key is ${secretKey}` }));
    const at = whole.indexOf(secretKey);
    for (let end = at + 6; end < at + secretKey.length; end += 3) {
      for (const given of [{ status: 200 }, { status: 200, cut: true }, { status: 500, cut: true }]) {
        server.replyWith({ ...given, body: whole.slice(0, end) });
        const { error } = await askStreamed(providerAt(server, kind), false);
        const kept = JSON.stringify({ message: error?.message, raw: error?.raw });
        expect(kept).not.toContain(secretKey.slice(0, 6));
      }
    }
  });
});

describe('a caller', () => {
  test.each(kinds)('that gives up on %s is told its own reason', async (kind) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    server.replyWith({ body: streamOf(kind, ['The trend'], false), stream: true, cut: false });
    const call = providerAt(server, kind).chat(plainRequest, {
      signal: controller.signal,
      onText: () => controller.abort(reason),
    });
    await expect(call).rejects.toBe(reason);
  });

  test.each(kinds)('that fails over a piece of %s fails by its own fault', async (kind) => {
    const fault = new TypeError('a fault of ours');
    server.replyWith({ body: streamOf(kind, ['The trend', ' is up.']), stream: true });
    const onText = () => {
      throw fault;
    };
    await expect(providerAt(server, kind).chat(plainRequest, { onText })).rejects.toBe(fault);
  });

  test.each(kinds)('asks %s in vain where nobody listens', async (kind) => {
    const provider = providerAt(server, kind);
    await server.close();
    const { error } = await askStreamed(provider, false);
    expect(error?.message).toBe('wire could not be reached or broke off (ECONNREFUSED)');
    expect(error?.retryable).toBe(true);
  });
});

describe('texts as vectors', () => {
  const request = { provider: 'wire', model: 'embedder', texts: ['up', 'down'] };
  const list = (...embeddings: readonly (readonly number[])[]) =>
    JSON.stringify({
      data: embeddings.map((embedding, index) => ({ embedding, index })).reverse(),
      usage: { prompt_tokens: 4 },
    });

  test('of an OpenAI-compatible server, by their places', async () => {
    server.replyWith({ body: list([1, 0.5], [0, 0.25]) });
    const { vectors, promptTokens } = await providerAt(server, 'openai-compatible').embed!(request);
    expect(vectors).toEqual([Float32Array.of(1, 0.5), Float32Array.of(0, 0.25)]);
    expect(promptTokens).toBe(4);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/embeddings',
      body: { model: 'embedder', input: ['up', 'down'] },
    });
  });

  test('of OpenAI and Google', async () => {
    server.replyWith({ body: '{"data":[{"embedding":[1]},{"embedding":[2]}],"usage":{"prompt_tokens":4}}' });
    const ofOpenAi = await providerAt(server, 'openai').embed!(request);
    expect(ofOpenAi).toEqual({ vectors: [Float32Array.of(1), Float32Array.of(2)], promptTokens: 4 });
    server.replyWith({ body: '{"embeddings":[{"values":[1]},{"values":[2]}]}' });
    const ofGoogle = await providerAt(server, 'google').embed!(request);
    expect(ofGoogle).toEqual({ vectors: [Float32Array.of(1), Float32Array.of(2)], promptTokens: 0 });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v1/embeddings',
      '/v1/models/embedder:batchEmbedContents',
    ]);
  });

  test('of Google are asked for in batches that it takes', async () => {
    server.replyWith({
      body: JSON.stringify({ embeddings: Array.from({ length: 100 }, () => ({ values: [1] })) }),
    });
    const texts = Array.from({ length: 200 }, (_, at) => `text ${at}`);
    const { vectors } = await providerAt(server, 'google').embed!({ ...request, texts });
    expect(vectors).toHaveLength(200);
    expect(server.requests).toHaveLength(2);
  });

  test('are none where the server gives too few, or of several lengths', async () => {
    for (const body of [list([1, 2]), list([1, 2], [1]), list([], []), '{"data":"none"}', '{}']) {
      server.replyWith({ body });
      const embedding = providerAt(server, 'openai-compatible').embed!(request);
      await expect(embedding).rejects.toMatchObject({ code: 'provider-failed', retryable: false });
    }
  });

  test('are not offered by Anthropic', () => {
    expect(providerAt(server, 'anthropic').embed).toBeUndefined();
  });
});
