import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { play, prepare } from '../../test/ensemble-place.ts';
import { sinceProcessStartMs } from '../core/index.ts';
import {
  type AgentDefinition,
  createEnsembleFiles,
  type EnsembleDocument,
  type EnsembleEvent,
  type Runner,
} from '../ensemble/index.ts';
import { createGateway, type LlmSettings, type ProfileSettings, resolveProfile } from '../llm/index.ts';
import { type FakeProvider, type FakeRequest, promptOf, startFakeProvider } from '../testing/index.ts';
import { createLlmRunner } from './index.ts';

let server: FakeProvider;
let folder: string;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'fine' }), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
  folder = mkdtempSync(join(tmpdir(), 'llm-runner-'));
});
afterEach(() => server.close());

/** 100 tokens in, 20 out, at 3 and 15 dollars a million. */
const oneCallUsd = 0.0006;

function settingsWith(profile: Partial<ProfileSettings> = {}, baseUrl = server.baseUrl): LlmSettings {
  return {
    providers: {
      local: { kind: 'openai-compatible', baseUrl, retries: 0 },
      claude: { kind: 'anthropic' },
    },
    profiles: {
      analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 }, ...profile },
      chief: { provider: 'claude', model: 'large' },
    },
  };
}

function runnerFor(settings: LlmSettings): Runner {
  const gateway = createGateway({ settings, environment: {}, recording: { kind: 'off' } });
  const runner = createLlmRunner({
    models: (scope) => gateway.within(scope),
    resolve: (profile) => resolveProfile(settings, profile, {}),
    profiles: Object.keys(settings.profiles),
    repair: (problems) => `It did not fit:\n${problems}`,
  });
  return runner as Runner;
}

const files = () => createEnsembleFiles(folder, { cwd: folder, folders: [], runners: new Map() });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

interface Play {
  readonly input?: string;
  readonly settings?: LlmSettings;
  readonly signal?: AbortSignal;
  readonly watch?: (event: EnsembleEvent) => void;
}

/** One agent `reader` with these keys, after a `say` agent `lint` that found two things. */
function ask(keys: object, { input = 'the code', settings = settingsWith(), ...options }: Play = {}) {
  return play(
    {
      ensemble: 'test',
      agents: {
        lint: { kind: 'say', say: ['unused x', 'unused y'] } as unknown as AgentDefinition,
        reader: { kind: 'llm', depends_on: ['lint'], ...keys } as AgentDefinition,
      },
      output: { from: 'reader' },
    },
    input,
    { runners: [runnerFor(settings)], files: files() },
    { ...options, streamed: options.watch !== undefined },
  );
}

const readerOf = ({ agents }: EnsembleDocument) => agents['reader']!;
const askedOf = (request: FakeRequest | undefined) => request && promptOf(request);

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['score'],
  properties: { score: { type: 'number', minimum: 0, maximum: 10 } },
};

describe('free words', () => {
  test('of a question in the ensemble, with what they took', async () => {
    const document = await ask({ question: 'Read {{input}}. Lint: {{agents.lint}}', system: 'Be brief.' });
    expect(document.output).toBe('fine');
    expect(readerOf(document)).toMatchObject({
      ...{ kind: 'llm', status: 'ok', source: 'llm', provider: 'local', model: 'any' },
      ...{ promptTokens: 100, responseTokens: 20, costUsd: oneCallUsd },
    });
    expect(document.usage).toMatchObject({ calls: 1, cacheHits: 0, costUsd: oneCallUsd });
    expect(server.requests.map(({ body }) => body)).toEqual([
      {
        model: 'any',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Read the code. Lint: [\n  "unused x",\n  "unused y"\n]' },
        ],
        stream: false,
      },
    ]);
  });

  test('are streamed where somebody listens, and a try after some were shown is nobody’s', async () => {
    const pieces: string[] = [];
    const watch = (event: EnsembleEvent) => {
      if (event.kind === 'text') pieces.push(event.piece);
    };
    const document = await ask({ question: 'Read {{input}}' }, { watch });
    expect(pieces.join('')).toBe('fine');
    expect(document.output).toBe('fine');
    server.answerWith(() => ({ kind: 'truncated-stream' }));
    const broken = await ask({ question: 'Read {{input}}', retries: 3 }, { watch });
    expect(readerOf(broken)).toMatchObject({ status: 'failed', error: { retryable: false } });
    expect(server.requests).toHaveLength(2);
  });

  test('may not be none', async () => {
    server.answerWith(() => ({ kind: 'text', text: ' \n' }));
    const { error } = readerOf(await ask({ question: 'Read {{input}}' }));
    expect(error).toMatchObject({ code: 'answer-invalid' });
    expect(error?.message).toMatch(/^local gave an empty answer/);
  });
});

describe('an answer of a schema', () => {
  test('is asked for under the name of the agent, and is data', async () => {
    write('score.json', JSON.stringify(schema));
    server.answerWith(() => ({ kind: 'answer', answer: { score: 7 } }));
    for (const given of ['score.json', schema]) {
      expect((await ask({ question: 'Rate {{input}}', schema: given })).output).toEqual({ score: 7 });
      expect(server.requests.at(-1)?.body['response_format']).toEqual({
        type: 'json_schema',
        json_schema: { name: 'reader', schema, strict: true },
      });
    }
  });

  test('that does not fit is repaired once, and both turns are paid for', async () => {
    server.answerWith((_request, call) => ({ kind: 'answer', answer: { score: call === 1 ? 70 : 7 } }));
    const document = await ask({ question: 'Rate {{input}}', schema });
    expect(readerOf(document)).toMatchObject({
      ...{ status: 'ok', output: { score: 7 }, source: 'llm', details: { repaired: true } },
      ...{ promptTokens: 200, responseTokens: 40, costUsd: 2 * oneCallUsd },
    });
    expect(document.usage.calls).toBe(2);
    expect(server.requests[1]?.messages.at(-1)?.content).toBe(
      'It did not fit:\nscore: expected at most 10, got 70',
    );
  });

  test('that never fits fails, and is paid for', async () => {
    server.answerWith(() => ({ kind: 'text', text: 'seven' }));
    expect(readerOf(await ask({ question: 'Rate {{input}}', schema }))).toMatchObject({
      ...{ status: 'failed', output: null, costUsd: 2 * oneCallUsd, provider: 'local', model: 'any' },
      error: { code: 'answer-invalid', retryable: true },
    });
  });
});

describe('a failure', () => {
  test.each([
    [
      'a refusal',
      { kind: 'refusal', text: 'I would rather not.' },
      { code: 'provider-refused', message: 'local would not answer reader: "I would rather not."' },
    ],
    [
      'what is cut off',
      { kind: 'text', text: '{"score":', finishReason: 'length' },
      { code: 'answer-invalid', message: /^reader's answer was cut off at the token limit/ },
    ],
    [
      'a provider that is down',
      { kind: 'http', status: 503, body: 'busy' },
      { code: 'provider-failed', retryable: true },
    ],
  ] as const)('is %s, with and without a schema', async (_what, reply, error) => {
    server.answerWith(() => reply);
    const message = 'message' in error ? { message: expect.stringMatching(error.message) } : {};
    for (const keys of [{ question: 'Rate {{input}}' }, { question: 'Rate {{input}}', schema }]) {
      const reader = readerOf(await ask(keys));
      expect(reader).toMatchObject({ status: 'failed', output: null, error: { ...error, ...message } });
      expect(reader.costUsd).toBe(reply.kind === 'http' ? 0 : oneCallUsd);
    }
    expect(server.requests).toHaveLength(2);
  });

  test('that may pass is tried again, and each try counts', async () => {
    server.answerWith((_request, call) =>
      call === 1 ? { kind: 'text', text: '' } : { kind: 'text', text: 'fine' },
    );
    const document = await ask({ question: 'Read {{input}}', retries: 1 });
    expect(readerOf(document)).toMatchObject({ status: 'ok', costUsd: 2 * oneCallUsd });
    expect(document.usage.calls).toBe(2);
  });
});

describe('a profile', () => {
  test('gives temperature and maxTokens, unless the agent says otherwise', async () => {
    const settings = settingsWith({ temperature: 0.2, maxTokens: 800 });
    await ask({ question: 'Read {{input}}' }, { settings });
    await ask({ question: 'Read {{input}}', temperature: 0, maxTokens: 5 }, { settings });
    expect(server.requests.map(({ temperature, maxTokens }) => [temperature, maxTokens])).toEqual([
      [0.2, 800],
      [0, 5],
    ]);
  });

  test.each([
    ['analist', ['there is no profile "analist", and "analyst" answers for it; did you mean "analyst"?']],
    ['local', ['there is no profile "local", and "analyst" answers for it']],
    ['analyst', []],
    ['risk', []],
  ])('%s that is not given is told', (profile, notes) => {
    expect(prepareReader({ question: 'Read {{input}}', profile }, settingsWith()).notes).toEqual(notes);
  });

  test('that leads nowhere is said before anybody waits, and rules stand in where there are any', async () => {
    const keys = { question: 'Read {{input}}', profile: 'chief' };
    expect(readerOf(await ask(keys)).error).toMatchObject({
      code: 'model-not-configured',
      message: expect.stringMatching(
        /^no model answers for profile "chief": \$ANTHROPIC_API_KEY, the key of/,
      ),
      hint: expect.stringContaining('orrery.yaml'),
    });
    const ruled = await ask({ ...keys, rules: { kind: 'say', say: 'by rule' } });
    expect(readerOf(ruled)).toMatchObject({ status: 'ok', output: 'by rule', source: 'rules' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('a prompt file', () => {
  const prepared = (keys: object) =>
    prepare(
      {
        ensemble: 'test',
        agents: {
          lint: { kind: 'say', say: 1 } as unknown as AgentDefinition,
          reader: { kind: 'llm', depends_on: ['lint'], ...keys } as AgentDefinition,
        },
      },
      { runners: [runnerFor(settingsWith())], files: files() },
    );

  test('may be no more than a question', async () => {
    write('reader.md', 'Read {{ input }}\n');
    await ask({ prompt: 'reader.md' });
    expect(server.requests[0]?.messages).toEqual([{ role: 'user', content: 'Read the code' }]);
  });

  test('may have a header and a constant part; its schema lies beside it, and that of the agent wins', async () => {
    write('score.json', JSON.stringify(schema));
    write(
      'reader.md',
      '---\r\nversion: 2\r\ninputs: [input, agents.lint]\r\nschema: score.json\r\n---\r\nYou read.\r\n<!-- question -->\r\n{{input.title}} {{agents.lint}}',
    );
    server.answerWith(() => ({ kind: 'answer', answer: { score: 1 } }));
    const document = await ask({ prompt: 'reader.md' }, { input: '{"title":"A code"}' });
    expect(document.output).toEqual({ score: 1 });
    expect(server.requests[0]).toMatchObject({
      system: 'You read.',
      messages: [{ role: 'user', content: expect.stringMatching(/^A code \[\n/) }],
      schema: { name: 'reader', schema },
    });
    const own = { type: 'object', properties: { score: { type: 'integer' } } };
    await ask({ prompt: 'reader.md', schema: own }, { input: '{"title":"A code"}' });
    expect(server.requests[1]?.schema?.schema).toEqual(own);
  });

  test('keeps its places within budgets, and the result says what was left out', async () => {
    write('reader.md', '---\nbudgets: { input: 50 }\n---\n{{input}}\nLint: {{agents.lint}}');
    const input = Array.from({ length: 20 }, (_, line) => `line ${line} of the code`).join('\n');
    const document = await ask({ prompt: 'reader.md' }, { input });
    expect(askedOf(server.requests[0])).toBe(
      'line 0 of the code\nline 1 of the code\nline 2 of the code\n(17 of 20 lines left out)\nLint: [\n  "unused x",\n  "unused y"\n]',
    );
    expect(readerOf(document).details).toEqual({ leftOut: { input: 17 } });
  });

  test.each([
    ['is not there', { prompt: 'none.md' }, 'file-not-found', /no file none.md/],
    ['stands beside a question', { prompt: 'a.md', question: '?' }, 'ensemble-invalid', /both/],
    ['and a question are missing', {}, 'ensemble-invalid', /neither/],
    ['stands beside a system text', { prompt: 'a.md', system: 'Be brief.' }, 'ensemble-invalid', /`system`/],
    ['has an unknown place', '{{reeder}}', 'ensemble-invalid', /no place `{{reeder}}`/],
    ['speaks of a stranger', '{{agents.judge}}', 'ensemble-invalid', /`judge`/],
    ['asks nothing', '---\nversion: 1\n---\n', 'prompt-invalid', /a.md: it asks nothing/],
    ['has an unknown key', '---\nversion: 1\nmodel: any\n---\n?', 'prompt-invalid', /a.md:3:1: .*model/],
    ['has an input it never uses', '---\ninputs: [input]\n---\n?', 'prompt-invalid', /input is never used/],
    ['misses an input', '---\ninputs: []\n---\n{{input}}', 'prompt-invalid', /{{input}} is not among/],
    [
      'has a budget for nothing',
      '---\nbudgets: { agents.lind: 90 }\n---\n{{agents.lint}}',
      'prompt-invalid',
      /did you mean `agents.lint`/,
    ],
    ['has two dividers', 'a\n<!-- question -->\nb\n<!-- question -->\nc', 'prompt-invalid', /more than one/],
    ['has places above', '{{input}}\n<!-- question -->\nb', 'prompt-invalid', /no {{places}}/],
    ['has no such schema', '---\nschema: no.json\n---\n?', 'file-not-found', /no.json/],
    [
      'has a schema that is no JSON',
      '---\nschema: a.md\n---\n?',
      'prompt-invalid',
      /a.md is not JSON/,
      /A schema is/,
    ],
  ])('is refused before anything runs when it %s', (_what, keys, code, words, hint = /./) => {
    write('a.md', typeof keys === 'string' ? keys : '?');
    const prompt = typeof keys === 'string' ? { prompt: 'a.md' } : keys;
    expect(() => prepared(prompt)).toThrow(
      expect.objectContaining({
        ...{ code, message: expect.stringMatching(words) },
        hint: expect.stringMatching(hint),
      }),
    );
  });

  test.each([
    [{ type: 'object', propertys: {} }, /unknown key `propertys`.*did you mean `properties`/],
    [{ type: 'object', properties: { a: { type: 'text' } } }, /`properties.a.type`/],
    [{ type: 'object', properties: { a: { pattern: '^a' } } }, /unknown key `pattern`/],
  ])('is refused with the schema %o', (given, words) => {
    expect(() => prepared({ question: '?', schema: given })).toThrow(
      expect.objectContaining({ code: 'prompt-invalid', message: expect.stringMatching(words) }),
    );
  });
});

test('what a pure agent depends on is its prompt, its schema and where its profile leads', () => {
  const content = (keys: object, settings = settingsWith()) =>
    prepareReader(keys, settings).content?.() ?? null;
  const known = content({ question: 'Read {{input}}' });
  expect(content({ question: 'Read {{input}}' })).toBe(known);
  const others = [
    content({ question: 'Read {{input}}!' }),
    content({ question: 'Read {{input}}', system: 'Be brief.' }),
    content({ question: 'Read {{input}}', schema }),
    content({ question: 'Read {{input}}', temperature: 1 }),
    content({ question: 'Read {{input}}' }, settingsWith({ model: 'other' })),
  ];
  expect(new Set([known, ...others]).size).toBe(6);
});

function prepareReader(keys: object, settings: LlmSettings) {
  const runner = runnerFor(settings);
  return runner.prepare(runner.settings.parse(keys), {
    ...{ ensemble: 'test', agent: 'reader', dependsOn: [], files: files(), chain: [] },
    prepare: () => {
      throw new Error('not made of others');
    },
  });
}

test('an answer that a model gave before comes from the cache, for nothing', async () => {
  const settings: LlmSettings = { ...settingsWith(), cache: { store: 'memory' } };
  const gateway = createGateway({
    ...{ settings, environment: {}, recording: { kind: 'off' } },
    cache: {
      clock: { now: () => 0 },
      database: { query: () => Promise.reject(new Error('not asked')) },
      notices: { info: () => undefined, warn: () => undefined, alert: () => undefined } as never,
    },
  });
  const runner = createLlmRunner({
    models: (scope) => gateway.within(scope),
    resolve: (profile) => resolveProfile(settings, profile, {}),
    profiles: Object.keys(settings.profiles),
    repair: (problems) => problems,
  });
  const reader = { kind: 'llm', question: 'Read {{input}}' } as AgentDefinition;
  const playOnce = () =>
    play({ ensemble: 'test', agents: { reader } }, 'it', { runners: [runner as Runner] });
  expect(readerOf(await playOnce())).toMatchObject({ source: 'llm', costUsd: oneCallUsd });
  const again = await playOnce();
  expect(readerOf(again)).toMatchObject({ output: 'fine', source: 'cache', costUsd: 0, model: 'any' });
  expect(again.usage).toMatchObject({ calls: 0, cacheHits: 1 });
  await gateway.close();
});

test('whoever asks is known to budgets and observers by name', async () => {
  const agents: string[] = [];
  const settings = settingsWith();
  const gateway = createGateway({
    ...{ settings, environment: {}, recording: { kind: 'off' } },
    observers: [
      {
        callBegun: ({ agent }) => {
          agents.push(agent);
          return () => undefined;
        },
      },
    ],
  });
  const runner = createLlmRunner({
    models: (scope) => gateway.within(scope),
    resolve: (profile) => resolveProfile(settings, profile, {}),
    profiles: Object.keys(settings.profiles),
    repair: (problems) => problems,
  });
  const reader = { kind: 'llm', question: '{{item}}', fanOut: '[1, 2]' } as AgentDefinition;
  await play({ ensemble: 'test', agents: { reader } }, '', { runners: [runner as Runner] });
  expect(agents).toEqual(['reader', 'reader']);
});

describe('giving up', () => {
  /** Hands bytes through to the provider, and knows when a client has gone. */
  async function startRelay() {
    let goneMs = Number.NaN;
    const clients = new Set<Socket>();
    const relay = createServer((client) => {
      const upstream = connect(Number(new URL(server.origin).port), '127.0.0.1');
      clients.add(client);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      client.on('close', () => {
        goneMs = sinceProcessStartMs();
        upstream.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const { port } = relay.address() as AddressInfo;
    return {
      baseUrl: `http://127.0.0.1:${port}/v1`,
      async gone(): Promise<number> {
        while (!Number.isFinite(goneMs)) await wait(2);
        return goneMs;
      },
      async close(): Promise<void> {
        for (const client of clients) client.destroy();
        await new Promise((resolve) => relay.close(resolve));
      },
    };
  }

  /** From the abort to the end of the connection. */
  async function msToClose(): Promise<number> {
    const relay = await startRelay();
    const before = server.requests.length;
    const controller = new AbortController();
    const played = ask(
      { question: 'Read {{input}}' },
      { settings: settingsWith({}, relay.baseUrl), signal: controller.signal, watch: () => undefined },
    );
    while (server.requests.length === before) await wait(2);
    await wait(30);
    const abortedMs = sinceProcessStartMs();
    controller.abort();
    const goneMs = await relay.gone();
    expect((await played).status).toBe('failed');
    await relay.close();
    return goneMs - abortedMs;
  }

  test.each([
    ['before a word came', { kind: 'stall' }],
    ['in the middle of an answer', { kind: 'stall-midway' }],
  ] as const)('%s closes the connection to the provider within 50 ms', async (_when, reply) => {
    server.answerWith(() => reply);
    // The best of three: what else the machine does is not what is measured.
    const took = [await msToClose(), await msToClose(), await msToClose()];
    expect(Math.min(...took)).toBeLessThan(50);
  });

  test('after its time closes it too', async () => {
    const relay = await startRelay();
    server.answerWith(() => ({ kind: 'stall' }));
    const settings = settingsWith({}, relay.baseUrl);
    const document = await ask({ question: 'Read {{input}}', timeoutMs: 500 }, { settings });
    expect(readerOf(document)).toMatchObject({ status: 'timeout', error: { code: 'agent-timeout' } });
    expect(await relay.gone()).toBeLessThan(sinceProcessStartMs());
    await relay.close();
  });
});
