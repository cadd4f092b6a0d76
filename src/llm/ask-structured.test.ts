import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../testing/index.ts';
import { askStructured } from './ask-structured.ts';
import { ChatError } from './chat-error.ts';
import { createGateway } from './create-gateway.ts';

const schema = {
  name: 'technical',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['action', 'confidence'],
    properties: {
      action: { type: 'string', enum: ['BUY', 'HOLD'] },
      confidence: { type: 'number', minimum: 0, maximum: 1 },
    },
  },
} as const;
const messages = [{ role: 'user', content: 'Decide.' }] as const;
const good = { action: 'BUY', confidence: 0.7 };

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'answer', answer: good }), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
});
afterEach(() => server.close());

function ask() {
  const gateway = createGateway({
    settings: {
      providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl } },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 } } },
    },
    environment: {},
    recording: { kind: 'off' },
  });
  return askStructured<typeof good>({
    model: gateway.within('7.technical'),
    profile: { name: 'analyst', provider: 'local', model: 'any', temperature: null, maxTokens: null },
    messages,
    schema,
    repairMessage: (problems) => `It did not fit:\n${problems}`,
  });
}

async function failure(): Promise<ChatError> {
  const thrown = await ask().then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof ChatError)) throw thrown;
  return thrown;
}

/** 100 tokens in, 20 out, at 3 and 15 dollars a million. */
const oneCallUsd = 0.0006;

describe('askStructured', () => {
  test('sends the schema under the name of the role and returns what fits it', async () => {
    const { value, responses, spent } = await ask();
    expect(value).toEqual(good);
    expect(responses).toHaveLength(1);
    expect(spent).toMatchObject({ provider: 'local', model: 'any', costUsd: oneCallUsd, calls: 1 });
    expect(server.requests[0]?.body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'technical', schema: schema.schema, strict: true },
    });
  });

  test.each([
    ['a fence', `\`\`\`json\n${JSON.stringify(good, null, 2)}\n\`\`\``],
    ['a fence without a language', `\`\`\`\n${JSON.stringify(good)}\`\`\`\n`],
    ['white space', `\n\n  ${JSON.stringify(good)}\n`],
  ])('reads through %s around the whole answer', async (_what, text) => {
    server.answerWith(() => ({ kind: 'text', text }));
    expect((await ask()).value).toEqual(good);
    expect(server.requests).toHaveLength(1);
  });

  test('gives an answer that does not fit one repair turn, which says what was wrong', async () => {
    server.answerWith((_request, call) => ({
      kind: 'answer',
      answer: call === 1 ? { ...good, confidence: 70 } : good,
    }));
    const { value, responses, spent, raw } = await ask();
    expect(value).toEqual(good);
    expect(raw).toBe(JSON.stringify(good));
    expect(responses).toHaveLength(2);
    expect(spent).toMatchObject({ promptTokens: 200, responseTokens: 40, costUsd: 2 * oneCallUsd, calls: 2 });
    expect(server.requests[1]?.messages).toEqual([
      ...messages,
      { role: 'assistant', content: '{"action":"BUY","confidence":70}' },
      { role: 'user', content: 'It did not fit:\nconfidence: expected at most 1, got 70' },
    ]);
  });

  test.each([
    ['JSON in prose is not searched for', `I would say {"action":"BUY","confidence":0.7}.`],
    ['words are not matched', 'BUY'],
    ['two objects are not one', `${JSON.stringify(good)}\n${JSON.stringify(good)}`],
  ])('%s', async (_what, text) => {
    server.answerWith(() => ({ kind: 'text', text }));
    const error = await failure();
    expect(error).toMatchObject({ code: 'answer-invalid', spent: { costUsd: 2 * oneCallUsd, calls: 2 } });
    expect(error.message).toContain('the answer is not one JSON value');
    expect(server.requests).toHaveLength(2);
  });

  test('an empty answer is none, which another try and not a repair may mend', async () => {
    server.answerWith(() => ({ kind: 'text', text: '' }));
    const error = await failure();
    expect(error).toMatchObject({ code: 'answer-invalid', retryable: true, spent: { calls: 1 } });
    expect(error.message).toMatch(/^local gave an empty answer/);
    expect(new Set(server.requests.map(({ messages }) => messages.length)).size).toBe(1);
  });

  test.each([
    ['arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    [
      'arrays where a value belongs',
      `{"action":"BUY","confidence":${'['.repeat(9_999)}${']'.repeat(9_999)}}`,
    ],
  ])('does not go down into %s without end', async (_what, text) => {
    server.answerWith(() => ({ kind: 'text', text }));
    const error = await failure();
    expect(error).toMatchObject({ code: 'answer-invalid', spent: { costUsd: 2 * oneCallUsd, calls: 2 } });
    expect(error.message).toContain('the answer: expected at most 64 levels of nesting');
    expect(error.message.length).toBeLessThan(500);
  });

  test('shows only the beginning of a long answer', async () => {
    server.answerWith(() => ({ kind: 'text', text: 'so '.repeat(10_000) }));
    expect((await failure()).message.length).toBeLessThan(400);
  });

  test('accepts nothing that was cut off, even if it happens to fit, and asks no second time', async () => {
    server.answerWith(() => ({ kind: 'text', text: JSON.stringify(good), finishReason: 'length' }));
    const error = await failure();
    expect(error).toMatchObject({ code: 'answer-invalid', spent: { calls: 1 } });
    expect(error.message).toContain('was cut off at the token limit');
    expect(server.requests).toHaveLength(1);
  });

  test('a refusal is a failure of its own', async () => {
    server.answerWith(() => ({ kind: 'refusal', text: 'I do not give advice.' }));
    const error = await failure();
    expect(error).toMatchObject({
      code: 'provider-refused',
      retryable: false,
      spent: { costUsd: oneCallUsd },
    });
    expect(error.message).toBe('local would not answer technical: "I do not give advice."');
  });

  test('loses no money when the provider fails in the repair turn', async () => {
    server.answerWith((_request, call) =>
      call === 1 ? { kind: 'text', text: 'well' } : { kind: 'http', status: 400, body: 'no' },
    );
    expect(await failure()).toMatchObject({
      code: 'provider-failed',
      spent: { costUsd: oneCallUsd, calls: 2 },
    });
  });
});
