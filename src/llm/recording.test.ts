import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonValue } from '../core/index.ts';
import { type FakeProvider, startFakeProvider } from '../testing/index.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { createGateway } from './create-gateway.ts';
import { type RecordingDatabase, recordingMigrations, recordingOf } from './recording-store.ts';

const key = 'a-key-nobody-may-see-4711';
const question: ChatRequest = {
  profile: 'analyst',
  provider: 'local',
  model: 'any',
  messages: [
    { role: 'system', content: 'You are an analyst.' },
    { role: 'user', content: 'Instrument BTCUSDT\n[e1] ema-50 = 101.5 USDT\n[e2] ema-200 = 100 USDT' },
  ],
  temperature: null,
  maxTokens: null,
  schema: null,
};

let pglite: PGlite;
let database: RecordingDatabase;
let server: FakeProvider;

beforeAll(async () => {
  pglite = await PGlite.create();
  for (const { sql } of recordingMigrations) await pglite.exec(sql);
  database = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
  };
});
afterAll(() => pglite.close());
beforeEach(async () => {
  await pglite.exec('delete from orrery_recording');
  server = await startFakeProvider((_request, call) => ({ kind: 'text', text: `answer ${call}` }), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
});
afterEach(() => server.close());

/** A new gateway each time, as after a restart. */
function open(kind: 'record' | 'replay', scope: string, run = 'first', baseUrl = server.baseUrl): ChatModel {
  const local = { kind: 'openai-compatible', baseUrl, apiKeyEnv: 'LOCAL_KEY', retries: 0 } as const;
  const usdPerMillion = { input: 3, output: 15 };
  return createGateway({
    settings: {
      providers: { local },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion } },
    },
    environment: { LOCAL_KEY: key },
    recording: { kind, run, database },
  }).within(scope);
}

function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
}

describe('a recorded run', () => {
  test('gives the same answers in a replay, without a call or a cost', async () => {
    const live = await open('record', '7.technical').chat(question);
    await server.close();
    const again = await open('replay', '7.technical').chat(question);
    expect(live).toMatchObject({ text: 'answer 1', costUsd: 0.0006, recordedCostUsd: 0, recorded: false });
    expect(live.recording).toMatch(/^first\.7\.technical\.[0-9a-f]{12}$/);
    expect(again).toEqual({ ...live, costUsd: 0, recordedCostUsd: 0.0006, recorded: true });
  });

  test('neither asks nor pays twice when it is resumed', async () => {
    const live = await open('record', '7.technical').chat(question);
    const resumed = await open('record', '7.technical').chat(question);
    expect(resumed).toEqual({ ...live, recorded: true });
    expect(server.requests).toHaveLength(1);
  });

  test.each(['record', 'replay'] as const)(
    'shows who reads along its answers in one (%s again)',
    async (kind) => {
      server.answerWith((_request, call) => ({
        kind: 'text',
        text: call === 1 ? `My key is ${key}.` : 'Which?',
      }));
      const live = await open('record', '7.technical').chat(question);
      const shown: string[] = [];
      const again = await open(kind, '7.technical').chat(question, { onText: (piece) => shown.push(piece) });
      expect(again).toMatchObject({ text: live.text, recorded: true });
      expect(shown).toEqual(['My key is [redacted].']);
    },
  );

  test('keeps repeats of one request apart, whatever other agents ask meanwhile', async () => {
    const [technical, sentiment] = [open('record', '7.technical'), open('record', '7.sentiment')];
    const live = await Promise.all(
      [technical, sentiment, technical, sentiment].map((model) => model.chat(question)),
    );
    const [again, other] = [open('replay', '7.technical'), open('replay', '7.sentiment')];
    const replayed = await Promise.all([
      other.chat(question),
      other.chat(question),
      again.chat(question),
      again.chat(question),
    ]);
    const texts = (at: readonly number[], from: typeof live) => at.map((index) => from[index]?.text);
    expect(texts([2, 3, 0, 1], replayed)).toEqual(texts([0, 2, 1, 3], live));
    expect(new Set(texts([0, 1, 2, 3], live)).size).toBe(4);
    expect(replayed[3]?.recording).toBe(`${replayed[2]?.recording}.2`);
  });

  test('is another one, for another scope and another run', async () => {
    await open('record', '7.technical').chat(question);
    await open('record', '8.technical').chat(question);
    await open('record', '7.technical', 'second').chat(question);
    expect(server.requests).toHaveLength(3);
  });

  test('repeats failures and refusals as they were', async () => {
    server.answerWith(() => ({ kind: 'http', status: 503, body: 'busy' }));
    const failed = await failureOf(open('record', '7.technical').chat(question));
    server.answerWith(() => ({ kind: 'refusal', text: 'No advice.' }));
    await open('record', '8.technical').chat(question);
    await server.close();
    const again = await failureOf(open('replay', '7.technical').chat(question));
    expect(again).toBeInstanceOf(ChatError);
    expect(again).toMatchObject({
      code: 'provider-failed',
      message: 'local answered 503: "busy"',
      status: 503,
    });
    expect(again).toMatchObject({ retryable: true, spent: (failed as ChatError).spent });
    expect(await open('replay', '8.technical').chat(question)).toMatchObject({ finishReason: 'refusal' });
  });

  test('forgets a call that the user interrupted', async () => {
    server.answerWith(() => ({ kind: 'stall' }));
    const controller = new AbortController();
    const call = open('record', '7.technical').chat(question, { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(call).rejects.toMatchObject({ code: 'interrupted' });
    expect(await database.query('select id from orrery_recording')).toEqual([]);
  });

  test('shows prompt and raw answer by the id that the records carry', async () => {
    const { recording } = await open('record', '7.technical').chat(question);
    const stored = await recordingOf(database, recording ?? '');
    expect(stored).toMatchObject({ run: 'first', scope: '7.technical', request: question });
    expect(stored?.outcome).toMatchObject({ kind: 'answer', text: 'answer 1' });
    expect(await recordingOf(database, 'first.9.technical.000000000000')).toBeNull();
  });

  test('holds no key, though prompt and answer repeat it', async () => {
    const messages = [{ role: 'user', content: `my key is ${key}` }] as const;
    server.answerWith(() => ({ kind: 'text', text: `your key is ${key}` }));
    await open('record', '7.technical').chat({ ...question, messages });
    const rows = JSON.stringify(await database.query('select * from orrery_recording'));
    expect(rows).toContain('my key is [redacted]');
    expect(rows).not.toContain(key);
    expect(await open('replay', '7.technical').chat({ ...question, messages })).toMatchObject({
      text: 'your key is [redacted]',
    });
  });
});

describe('of a request with tools, a recording', () => {
  const secretive = (secret: string): ChatRequest => ({
    ...question,
    messages: [
      ...question.messages,
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          {
            id: `call-${secret}`,
            name: `look-up-${secret}`,
            input: { deep: [{ [`of ${secret}`]: `is ${secret}` }, 7, null, true], [secret]: 1 },
          },
        ],
      },
      { role: 'tool', content: secret, toolCallId: `call-${secret}` },
    ],
    tools: [
      {
        name: `look-up-${secret}`,
        description: `uses ${secret}`,
        schema: {
          description: secret,
          properties: { [secret]: { type: 'string', enum: [secret, 5] } },
          required: [secret],
        },
      },
    ],
    schema: { name: 'technical', schema: { enum: [secret, 'up'], title: secret } },
  });

  test('holds a key nowhere, and is found by the request that had it', async () => {
    const request = secretive(key);
    await open('record', '7.technical').chat(request);
    const rows = JSON.stringify(await database.query('select * from orrery_recording'));
    expect(rows).not.toContain(key);
    expect(rows).toContain('uses [redacted]');
    await server.close();
    expect(await open('replay', '7.technical').chat(request)).toMatchObject({ text: 'answer 1' });
  });

  test('is otherwise as it was asked, to the letter', async () => {
    const request = secretive('nothing secret');
    const { recording } = await open('record', '7.technical').chat(request);
    expect((await recordingOf(database, recording ?? ''))?.request).toEqual(request);
  });

  test('says of another request how it differs, without the key in either', async () => {
    const told = (of: string) => [{ role: 'user', content: `${key} of ${of}` }] as const;
    await open('record', '7.technical').chat({ ...question, messages: told('one') });
    const miss = await failureOf(open('replay', '7.technical').chat({ ...question, messages: told('two') }));
    expect(String(miss)).toContain('was "[redacted] of one" and is "[redacted] of two"');
  });
});

describe('a replay that cannot be', () => {
  test('names scope, nearest recording and first difference, and asks nobody', async () => {
    const { recording } = await open('record', '7.technical').chat(question);
    const messages = [
      question.messages[0]!,
      { role: 'user', content: 'Instrument BTCUSDT\n[e1] ema-50 = 99.5 USDT\n[e2] ema-200 = 100 USDT' },
    ] as const;
    const miss = open('replay', '7.technical').chat({ ...question, messages });
    await expect(miss).rejects.toMatchObject({
      code: 'recording-miss',
      message: `Run first holds no recording for this request of 7.technical: the nearest recording is ${recording}; message 2 (user), line 2, was "[e1] ema-50 = 101.5 USDT" and is "[e1] ema-50 = 99.5 USDT"`,
    });
    expect(server.requests).toHaveLength(1);
  });

  const schema = { name: 'technical', schema: { type: 'number', maximum: 1 } } as const;
  const price = { name: 'price', description: 'The last price.', schema: { type: 'object' } } as const;
  const calling = (input: JsonValue, id = 'c') =>
    ({ role: 'assistant', content: '', toolCalls: [{ id, name: 'price', input }] }) as const;
  const answering = (toolCallId: string) => ({ role: 'tool', content: '42', toolCallId }) as const;
  test.each<[string, Partial<ChatRequest>, Partial<ChatRequest>, string]>([
    [
      ...(['another input of a tool', { messages: [calling({ symbol: 'A' })] }] as const),
      ...([
        { messages: [calling({ symbol: 'B' })] },
        'message 1 (assistant), calls of tools, was "',
      ] as const),
    ],
    [
      ...(['another call that a tool answers', { messages: [answering('c')] }] as const),
      ...([
        { messages: [answering('d')] },
        'message 1 (tool), calls of tools, was ""c"" and is ""d""',
      ] as const),
    ],
    [
      ...(['another tool', { tools: [price] }] as const),
      ...([{ tools: [{ ...price, name: 'news' }] }, 'the tools were "'] as const),
    ],
  ])('says so for %s', async (_what, recorded, asked, words) => {
    await open('record', '7.technical').chat({ ...question, ...recorded });
    const miss = open('replay', '7.technical').chat({ ...question, ...asked });
    await expect(miss).rejects.toThrow(words);
  });

  test.each([
    ['another model', { model: 'other' }, 'model was "any" and is "other"'],
    ['another temperature', { temperature: 0.5 }, 'temperature was null and is 0.5'],
    [
      'a further message',
      { messages: [...question.messages, { role: 'user', content: 'Sure?' }] },
      'message 3 was not sent then',
    ],
    [
      'a longer message',
      { messages: [{ role: 'system', content: 'You are an analyst.\nBe brief.' }, question.messages[1]!] },
      'message 1 (system), line 2, was absent and is "Be brief."',
    ],
    ['tools', { tools: [price] }, 'the tools were "null" and are "[{"description":"The last price."'],
    ['another schema', { schema }, `the answer's schema was "null" and is "{"name":"technical"`],
  ] as const)('says so for %s', async (_what, change, words) => {
    await open('record', '7.technical').chat(question);
    const miss = open('replay', '7.technical').chat({ ...question, ...change });
    await expect(miss).rejects.toThrow(words);
  });

  test('says so when a scope recorded nothing, or less often', async () => {
    await expect(open('replay', '9.chief').chat(question)).rejects.toThrow('that run recorded nothing there');
    await open('record', '7.technical').chat(question);
    const model = open('replay', '7.technical');
    await model.chat(question);
    await expect(model.chat(question)).rejects.toThrow('asked once more often than recorded');
  });

  test.each(['request', 'outcome', 'scope', 'checksum'])(
    'names the recording whose %s was altered',
    async (column) => {
      const { recording } = await open('record', '7.technical').chat(question);
      await pglite.query(`update orrery_recording set ${column} = ${column} || ' '`);
      for (const kind of ['replay', 'record'] as const) {
        const call = open(kind, '7.technical').chat(question);
        await expect(call).rejects.toMatchObject({ code: 'recording-altered' });
        await expect(call).rejects.toThrow(recording ?? '');
      }
    },
  );
});
