import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import type {
  EmbeddingModelV3,
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerSchema, tool } from '../../test/wire-client.ts';
import { type FakeFormat, type FakeProvider, fakeVector, startFakeProvider } from './index.ts';

const apiKey = 'key-1';
let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'Prices rise, and go on rising.' }));
});
afterEach(() => server.close());

const clients: readonly [FakeFormat, () => LanguageModelV3][] = [
  ['openai-chat', () => createOpenAI({ baseURL: server.baseUrl, apiKey }).chat('gpt-4.1')],
  ['openai-responses', () => createOpenAI({ baseURL: server.baseUrl, apiKey }).responses('gpt-4.1')],
  ['anthropic', () => createAnthropic({ baseURL: server.baseUrl, apiKey })('claude-sonnet-4-5')],
  ['anthropic', () => createAnthropic({ baseURL: server.baseUrl, apiKey })('claude-3-haiku-20240307')],
  ['google', () => createGoogleGenerativeAI({ baseURL: server.googleBaseUrl, apiKey })('gemini-2.5-flash')],
];

const question: LanguageModelV3CallOptions = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Trend?' }] },
  ],
  temperature: 0.2,
  maxOutputTokens: 800,
};
const json: LanguageModelV3CallOptions = {
  ...question,
  responseFormat: { type: 'json', name: answerSchema.name, schema: answerSchema.schema },
};
const tools: LanguageModelV3CallOptions = {
  ...question,
  tools: [{ type: 'function', name: tool.name, description: tool.description, inputSchema: tool.schema }],
};
const answer = { up: true, why: 'ema-50 is above ema-200' };

async function partsOf(model: LanguageModelV3, options: LanguageModelV3CallOptions) {
  const { stream } = await model.doStream(options);
  const parts: LanguageModelV3StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

function textOf(parts: readonly LanguageModelV3StreamPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
}

describe.each(clients)("a vendor's client of %s", (format, create) => {
  test('reads a text, whole and streamed, with usage', async () => {
    const usage = { promptTokens: 100, responseTokens: 20, cachedPromptTokens: 60 };
    server.answerWith(() => ({ kind: 'text', text: 'Prices rise, and go on rising.', usage }));
    const { content, finishReason, usage: read } = await create().doGenerate(question);
    expect(content).toMatchObject([{ type: 'text', text: 'Prices rise, and go on rising.' }]);
    expect(finishReason.unified).toBe('stop');
    expect(read).toMatchObject({ inputTokens: { total: 100, cacheRead: 60 }, outputTokens: { total: 20 } });
    const parts = await partsOf(create(), question);
    expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
    expect(textOf(parts)).toBe('Prices rise, and go on rising.');
    const end = parts.at(-1);
    expect(end).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
    expect(end).toMatchObject({ usage: { inputTokens: { total: 100 }, outputTokens: { total: 20 } } });
    expect(server.requests).toMatchObject([
      {
        format,
        system: 'Be brief.',
        messages: [{ role: 'user', content: 'Trend?' }],
        temperature: 0.2,
        apiKey,
      },
      { maxTokens: 800, stream: true },
    ]);
  });

  test('reads an object that was asked for by a schema, whole and streamed', async () => {
    server.answerWith(() => ({ kind: 'answer', answer }));
    const { content } = await create().doGenerate(json);
    expect(JSON.parse(content.map((part) => (part.type === 'text' ? part.text : '')).join(''))).toEqual(
      answer,
    );
    expect(JSON.parse(textOf(await partsOf(create(), json)))).toEqual(answer);
    for (const { schema } of server.requests) {
      expect(schema?.schema).toMatchObject({ type: 'object', properties: { up: { type: 'boolean' } } });
    }
  });

  test('reads calls of tools, whole and streamed', async () => {
    const input = { instrument: 'BTCUSDT' };
    server.answerWith(() => ({ kind: 'tools', calls: [{ name: 'price', input }] }));
    const called = { type: 'tool-call', toolName: 'price', input: JSON.stringify(input) };
    const { content, finishReason } = await create().doGenerate(tools);
    expect(content).toEqual([expect.objectContaining(called)]);
    expect(finishReason.unified).toBe('tool-calls');
    expect(await partsOf(create(), tools)).toContainEqual(expect.objectContaining(called));
    expect(server.requests[0]?.tools).toMatchObject([{ name: tool.name, description: tool.description }]);
  });

  test.each([
    ['rate-limit', true],
    ['overloaded', true],
    ['server-error', true],
    ['unauthorized', false],
    ['context-too-long', false],
  ] as const)('reads %s, and whether to try again', async (kind, isRetryable) => {
    server.answerWith(() => ({ kind }));
    for (const call of [create().doGenerate(question), create().doStream(question)]) {
      // The vendor's own words, which the client finds only in the vendor's own shape.
      const message = expect.stringMatching(
        /rate limit|quota|overloaded|server had an error|internal|api.key|context window|too long|exceeds/i,
      );
      await expect(call).rejects.toMatchObject({ name: 'AI_APICallError', isRetryable, message });
    }
  });

  test('reads why an answer stopped early', async () => {
    server.answerWith(() => ({ kind: 'text', text: 'Prices', finishReason: 'length' }));
    expect((await create().doGenerate(question)).finishReason.unified).toBe('length');
    server.answerWith(() => ({ kind: 'text', text: 'Prices', finishReason: 'refusal' }));
    expect((await create().doGenerate(question)).finishReason.unified).toBe('content-filter');
  });

  test('sees an overload half way through a stream', async () => {
    server.answerWith(() => ({ kind: 'error-midway' }));
    const ends = await partsOf(create(), question).then(
      (parts) => parts.map(({ type }) => type),
      () => ['error'],
    );
    expect(ends).toContain('error');
  });
});

describe("a vendor's client of embeddings", () => {
  const texts = ['prices rise', 'prices fall'];
  const models: readonly [string, () => EmbeddingModelV3][] = [
    [
      'OpenAI',
      () => createOpenAI({ baseURL: server.baseUrl, apiKey }).embeddingModel('text-embedding-3-small'),
    ],
    [
      'Google',
      () =>
        createGoogleGenerativeAI({ baseURL: server.googleBaseUrl, apiKey }).embeddingModel(
          'gemini-embedding-001',
        ),
    ],
  ];
  test.each(models)('of %s reads vectors, one by one and many', async (_, create) => {
    const { embeddings } = await create().doEmbed({ values: texts });
    expect(embeddings).toEqual(texts.map((text) => fakeVector(text)));
    expect((await create().doEmbed({ values: [texts[1]!] })).embeddings).toEqual([fakeVector(texts[1]!)]);
    expect(server.embeddingRequests).toMatchObject([{ texts, apiKey }, { texts: [texts[1]] }]);
  });
});
