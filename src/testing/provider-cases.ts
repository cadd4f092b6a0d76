import type { ToolCall } from '../llm/index.ts';
import type { FakeReply } from './fake-reply.ts';
import { promptOf } from './fake-request.ts';
import {
  asChatError,
  type Bench,
  expectSame,
  expectThat,
  failureOf,
  type ProviderCase,
  question,
} from './provider-case.ts';

const text = 'Prices rise while ema-50 stands above ema-200, and 📈 says so.';
const answer = { up: true, why: 'ema-50 is above ema-200' };
const schema = {
  name: 'trend',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['up', 'why'],
    properties: { up: { type: 'boolean' }, why: { type: 'string' } },
  },
} as const;
const tool = {
  name: 'price',
  description: 'The price of an instrument.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['instrument'],
    properties: { instrument: { type: 'string' } },
  },
} as const;

const answers: readonly ProviderCase[] = [
  {
    name: 'text',
    async run({ server, provider, apiKey, signal }) {
      server.answerWith(() => ({ kind: 'text', text }));
      const response = await provider.chat(question, { signal });
      expectSame('the text', response.text, text);
      expectSame('finishReason', response.finishReason, 'stop');
      expectSame('the calls of tools', response.toolCalls, []);
      expectSame(
        'provider and model',
        [response.provider, response.model],
        [question.provider, question.model],
      );
      const sent = server.requests[0];
      expectThat(sent !== undefined, 'no request reached the server');
      expectSame('the model that was asked', sent.model, question.model);
      expectSame('the prompt', promptOf(sent), 'Be brief.\nWhere do prices go?');
      expectSame('temperature', sent.temperature, question.temperature);
      expectSame('maxTokens', sent.maxTokens, question.maxTokens);
      expectThat(sent.apiKey === apiKey, 'the key did not reach the server');
      expectSame('the number of requests for one question', server.requests.length, 1);
    },
  },
  {
    name: 'schema',
    async run({ server, provider, signal }) {
      server.answerWith(() => ({ kind: 'answer', answer }));
      const response = await provider.chat({ ...question, schema }, { signal });
      expectSame('the answer', parsed(response.text), answer);
      expectSame('finishReason', response.finishReason, 'stop');
      expectSame('the calls of tools', response.toolCalls, []);
      const shown = server.requests[0]?.schema?.schema.properties ?? {};
      expectSame('the properties of the schema that was sent', Object.keys(shown), ['up', 'why']);
    },
  },
  { name: 'tools', run: checkTools },
  {
    name: 'streamed pieces joined are the text',
    async run({ server, provider, signal }) {
      server.answerWith(() => ({ kind: 'text', text }));
      const pieces: string[] = [];
      const response = await provider.chat(question, { signal, onText: (piece) => void pieces.push(piece) });
      expectSame('the pieces joined', pieces.join(''), text);
      expectSame('the text', response.text, text);
      expectThat(pieces.length > 1, 'the text came in one piece');
      expectThat(server.requests[0]?.stream === true, 'no stream was asked for');
    },
  },
  { name: 'usage', run: checkUsage },
  {
    name: 'an answer cut at the token limit',
    run: (bench) => checkFinish(bench, { kind: 'text', text: 'so', finishReason: 'length' }, 'length'),
  },
  {
    name: 'a refusal',
    run: (bench) => checkFinish(bench, { kind: 'refusal', text: 'I give no advice.' }, 'refusal'),
  },
];

async function checkTools({ server, provider, signal }: Bench): Promise<void> {
  const input = { instrument: 'BTCUSDT' };
  const asked = { ...question, tools: [tool] };
  for (const call of [{ signal }, { signal, onText: () => undefined }]) {
    server.answerWith(() => ({ kind: 'tools', calls: [{ id: 'call_1', name: 'price', input }] }));
    const response = await provider.chat(asked, call);
    expectSame('finishReason', response.finishReason, 'tools');
    expectSame('the calls of tools', response.toolCalls.map(withoutId), [{ name: 'price', input }]);
    expectSame(
      'the tools that were sent',
      server.requests.at(-1)?.tools.map(({ name }) => name),
      ['price'],
    );
    server.answerWith(() => ({ kind: 'text', text }));
    const { toolCalls } = response;
    const messages = [
      ...question.messages,
      { role: 'assistant', content: '', toolCalls },
      { role: 'tool', content: '"it is 65000"', toolCallId: toolCalls[0]?.id ?? '' },
    ] as const;
    expectSame('the text after tools', (await provider.chat({ ...asked, messages }, call)).text, text);
    const given = server.requests.at(-1)?.messages.find(({ role }) => role === 'tool');
    expectThat(
      given?.content.includes('it is 65000') === true,
      'what the tool gave did not reach the server',
    );
  }
}

function withoutId({ name, input }: ToolCall) {
  return { name, input };
}

async function checkUsage({ server, provider, signal }: Bench): Promise<void> {
  const usage = { promptTokens: 1000, responseTokens: 20, cachedPromptTokens: 600 };
  server.answerWith(() => ({ kind: 'text', text, usage }));
  for (const call of [{ signal }, { signal, onText: () => undefined }]) {
    const response = await provider.chat(question, call);
    const { promptTokens, responseTokens, cachedPromptTokens } = response;
    const where = 'onText' in call ? 'streamed' : 'plain';
    expectSame(`the ${where} usage`, { promptTokens, responseTokens, cachedPromptTokens }, usage);
  }
}

async function checkFinish(bench: Bench, reply: FakeReply, wanted: 'length' | 'refusal'): Promise<void> {
  const { server, provider, signal } = bench;
  server.answerWith(() => reply);
  for (const call of [{ signal }, { signal, onText: () => undefined }]) {
    expectSame('finishReason', (await provider.chat(question, call)).finishReason, wanted);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error(`the text is not JSON: ${json.slice(0, 80)}`);
  }
}

const failures: readonly ProviderCase[] = [
  {
    name: '429 is retryable, after as long as the provider asks',
    async run(bench) {
      for (const stream of [false, true]) {
        const fault = { kind: 'rate-limit', retryAfterSeconds: 7 } as const;
        const error = asChatError(await failureOf(bench, fault, stream), 'a 429');
        expectThat(error.retryable, 'the error is not retryable');
        expectSame('status', error.status, 429);
        expectSame('retryAfterMs', error.retryAfterMs, 7000);
      }
    },
  },
  ...(['server-error', 'overloaded', 'reset', 'broken-off'] as const).map(
    (kind): ProviderCase => ({
      name: `${kind} is retryable`,
      run: (bench) => checkRetryable(bench, kind, true),
    }),
  ),
  ...(['unauthorized', 'context-too-long'] as const).map(
    (kind): ProviderCase => ({
      name: `${kind} is not retryable`,
      run: (bench) => checkRetryable(bench, kind, false),
    }),
  ),
  ...(['truncated-stream', 'truncated-json', 'error-midway'] as const).map(
    (kind): ProviderCase => ({
      name: `${kind} is an error, never an answer`,
      async run(bench) {
        for (const stream of [false, true]) asChatError(await failureOf(bench, { kind }, stream), kind);
      },
    }),
  ),
  ...(['stall', 'stall-midway'] as const).map(
    (kind): ProviderCase => ({
      name: `an abort during ${kind} settles`,
      run: (bench) => checkAbort(bench, kind),
    }),
  ),
  { name: 'no key in any error', run: checkSecrecy },
];

async function checkRetryable(
  bench: Bench,
  kind: 'server-error' | 'overloaded' | 'reset' | 'broken-off' | 'unauthorized' | 'context-too-long',
  wanted: boolean,
): Promise<void> {
  for (const stream of [false, true]) {
    const error = asChatError(await failureOf(bench, { kind }, stream), kind);
    expectSame('retryable', error.retryable, wanted);
  }
}

/** That it settles at all: a question that does not is ended by the case's time. */
async function checkAbort(bench: Bench, kind: 'stall' | 'stall-midway'): Promise<void> {
  for (const stream of [false, true]) {
    const controller = new AbortController();
    const reached = new Promise<void>((resolve) => {
      bench.server.answerWith(() => {
        // Once the first half has been sent.
        setTimeout(resolve, 20);
        return { kind };
      });
    });
    const call = stream
      ? { signal: controller.signal, onText: () => undefined }
      : { signal: controller.signal };
    const settled = bench.provider.chat(question, call).then(
      () => 'answered',
      () => 'rejected',
    );
    const first = await Promise.race([reached, settled]);
    expectThat(first === undefined, `the question ${first} before there was anything to abort`);
    controller.abort();
    expectSame('the aborted question', await settled, 'rejected');
  }
}

async function checkSecrecy(bench: Bench): Promise<void> {
  const { apiKey, bare: provider } = bench;
  const escaped = [...apiKey].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join('');
  for (const status of [200, 400, 401, 429, 500]) {
    for (const said of [apiKey, escaped]) {
      const body = `{"error":{"message":"Your key ${said} is wrong"}}`;
      for (const stream of [false, true]) {
        const thrown = await failureOf({ ...bench, provider }, { kind: 'http', status, body }, stream);
        expectThat(!everything(thrown).includes(apiKey), `the error after a ${status} shows the key`);
      }
    }
  }
}

/** All that is said in an error and in its causes. */
function everything(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return `${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)} ${everything(thrown.cause)}`;
}

const embeddings: ProviderCase = {
  name: 'embeddings, where it has them',
  async run({ provider, signal }) {
    const texts = ['prices rise', 'prices fall', 'a whale sings'];
    const asked = { provider: question.provider, model: 'fake-embedding', texts };
    const response = await provider.embed?.(asked, { signal });
    if (response === undefined) return;
    expectSame('the number of vectors', response.vectors.length, texts.length);
    expectSame('the number of lengths', new Set(response.vectors.map(({ length }) => length)).size, 1);
    const [one, other] = response.vectors.map((vector) => vector.join());
    expectThat(one !== other, 'two texts have one vector');
  },
};

/** Everything that the gateway and agents rely on. */
export const providerCases: readonly ProviderCase[] = [...answers, ...failures, embeddings];
