import { afterEach, beforeEach, expect, test } from 'vitest';
import { askStreamed, plainRequest, providerAt } from '../../../test/ask-provider.ts';
import {
  describeOnFixtures,
  eventStream,
  eventsOf,
  exchangesOf,
  fixture,
} from '../../../test/wire-fixtures.ts';
import { startWireServer, type WireServer } from '../../../test/wire-server.ts';
import type { ChatRequest, FinishReason, ToolCall } from '../chat.ts';
import type { ProviderKind } from '../llm-settings.ts';

// biome-ignore lint/suspicious/noExplicitAny: Recorded JSON, read for what an adapter should have made of it.
type Json = any;

/** What a recorded answer holds, read from its own JSON by the protocol's plainest reading. */
interface Held {
  readonly text: string;
  readonly toolCalls: readonly Partial<ToolCall>[];
  readonly finishReason: FinishReason;
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly cachedPromptTokens: number;
}

const callOf = (id: string, name: string, input: string): ToolCall => ({
  ...{ id, name, input: JSON.parse(input === '' ? '{}' : input) },
});
const asTools = (calls: readonly unknown[], stop: FinishReason): FinishReason =>
  calls.length > 0 ? 'tools' : stop;

function heldByAnthropic(message: Json): Held {
  const of = (type: string): Json[] => message.content.filter((part: Json) => part.type === type);
  const toolCalls = of('tool_use').map(({ id, name, input }) => ({ id, name, input }));
  const { input_tokens, output_tokens, cache_read_input_tokens: cached = 0 } = message.usage;
  return {
    text: of('text')
      .map(({ text }) => text)
      .join(''),
    ...{ toolCalls, finishReason: asTools(toolCalls, 'stop'), cachedPromptTokens: cached },
    ...{ promptTokens: input_tokens + cached, responseTokens: output_tokens },
  };
}

/** Its events, put together to the message they describe. */
function messageOfEvents(events: readonly Json[]): Json {
  const of = (type: string) => events.filter((event) => event.type === type);
  const content = of('content_block_start').map(({ index, content_block: block }) => {
    const deltas = of('content_block_delta').filter((event) => event.index === index);
    const joined = (field: string) => deltas.map(({ delta }) => delta[field] ?? '').join('');
    const written = joined('partial_json');
    const input = written === '' ? (block.input ?? {}) : JSON.parse(written);
    return { ...block, text: (block.text ?? '') + joined('text'), input };
  });
  return { content, usage: { ...of('message_start')[0].message.usage, ...of('message_delta').at(-1).usage } };
}

function heldByGoogle(bodies: readonly Json[]): Held {
  const parts: Json[] = bodies.flatMap(({ candidates }) => candidates[0].content.parts);
  const calls = parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall]));
  const usage = bodies.at(-1).usageMetadata;
  return {
    text: parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join(''),
    toolCalls: calls.map(({ name, args }) => ({ name, input: args })),
    finishReason: asTools(calls, 'stop'),
    promptTokens: usage.promptTokenCount,
    responseTokens: usage.candidatesTokenCount + usage.thoughtsTokenCount,
    cachedPromptTokens: usage.cachedContentTokenCount ?? 0,
  };
}

function heldByCompletion({ choices, usage }: Json): Held {
  const { content, tool_calls } = choices[0].message;
  const calls: Json[] = tool_calls ?? [];
  return {
    text: content ?? '',
    toolCalls: calls.map(({ id, function: { name, arguments: input } }) => callOf(id, name, input)),
    finishReason: asTools(calls, choices[0].finish_reason),
    promptTokens: usage.prompt_tokens,
    responseTokens: usage.completion_tokens,
    cachedPromptTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

/** Its chunks, put together to the completion they describe; none of the recorded ones calls two tools. */
function completionOfChunks(chunks: readonly Json[]): Json {
  const choices: Json[] = chunks.flatMap((chunk) => chunk.choices);
  const calls: Json[] = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
  const joined = (field: string) => calls.map((call) => call.function[field] ?? '').join('');
  const call = { id: calls[0]?.id, function: { name: joined('name'), arguments: joined('arguments') } };
  return {
    usage: chunks.findLast(({ usage }) => usage).usage,
    choices: [
      {
        message: {
          content: choices.map(({ delta }) => delta.content ?? '').join(''),
          tool_calls: calls.length === 0 ? [] : [call],
        },
        finish_reason: choices.findLast(({ finish_reason }) => finish_reason).finish_reason,
      },
    ],
  };
}

function heldByResponse({ output, usage }: Json): Held {
  const of = (type: string): Json[] => output.filter((item: Json) => item.type === type);
  const calls = of('custom_tool_call').map(({ call_id: id, name, input }) => ({ id, name, input }));
  const parts = of('message').flatMap(({ content }) => content);
  return {
    ...{
      text: parts.map(({ text }) => text).join(''),
      toolCalls: calls,
      finishReason: asTools(calls, 'stop'),
    },
    ...{ promptTokens: usage.input_tokens, responseTokens: usage.output_tokens },
    cachedPromptTokens: usage.input_tokens_details.cached_tokens,
  };
}

const compatible = (text: string) => heldByCompletion(JSON.parse(text));
type Whole = readonly [file: string, kind: ProviderKind, heldBy: (text: string) => Held];
const wholes: readonly Whole[] = [
  ...[
    'clear-thinking.1',
    'json-output-format.1',
    'json-tool.1',
    'text',
    'tool-no-args',
    'web-fetch-tool.error',
  ].map(
    (name): Whole => [
      `anthropic/anthropic-${name}.json`,
      'anthropic',
      (text) => heldByAnthropic(JSON.parse(text)),
    ],
  ),
  ...['reasoning', 'text', 'tool-call'].map(
    (name): Whole => [`google/google-${name}.json`, 'google', (text) => heldByGoogle([JSON.parse(text)])],
  ),
  ...['custom-tool.1', 'phase.1'].map(
    (name): Whole => [
      ...([`openai-responses/openai-${name}.json`, 'openai'] as const),
      (text) => heldByResponse(JSON.parse(text)),
    ],
  ),
  ...[
    ...['deepseek-json', 'deepseek-reasoning', 'deepseek-text', 'deepseek-tool-call'].map(
      (name) => `deepseek-chat/${name}`,
    ),
    ...['mistral/mistral-text', 'mistral/mistral-tool-call', 'openai-chat/openai-text'],
    ...['openai-compatible-chat/xai-text', 'openai-compatible-chat/xai-tool-call'],
  ].map((name): Whole => [`${name}.json`, 'openai-compatible', compatible]),
];

type Stream = readonly [file: string, kind: ProviderKind, heldBy: (events: readonly Json[]) => Held];
const streams: readonly Stream[] = [
  ...[
    ...['clear-thinking.1', 'json-output-format.1', 'json-tool.1', 'text', 'tool-no-args'],
    'message-delta-input-tokens',
  ].map(
    (name): Stream => [
      ...([`anthropic/anthropic-${name}.chunks.txt`, 'anthropic'] as const),
      (events) => heldByAnthropic(messageOfEvents(events)),
    ],
  ),
  [
    'anthropic/duplicate-message-start.chunks.txt',
    'anthropic',
    (events) => heldByAnthropic(messageOfEvents(events)),
  ],
  ...['reasoning', 'text', 'tool-call'].map(
    (name): Stream => [`google/google-${name}.chunks.txt`, 'google', heldByGoogle],
  ),
  [
    'openai-responses/openai-custom-tool.1.chunks.txt',
    'openai',
    (events) => heldByResponse(events.find(({ type }) => type === 'response.completed').response),
  ],
  ...[
    ...['deepseek-chat/deepseek-tool-call', 'mistral/mistral-text', 'mistral/mistral-tool-call'],
    ...['openai-chat/azure-model-router.1', 'openai-compatible-chat/xai-tool-call'],
  ].map(
    (name): Stream => [
      ...([`${name}.chunks.txt`, 'openai-compatible'] as const),
      (events) => heldByCompletion(completionOfChunks(events)),
    ],
  ),
];

/** With the tools that the recorded answers call, so that none of them comes as a surprise. */
const request: ChatRequest = {
  ...plainRequest,
  tools: ['weather', 'json', 'updateIssueList', 'write_sql'].map((name) => ({
    ...{ name, description: 'A tool.' },
    schema: { type: 'object', properties: {}, required: [], additionalProperties: false },
  })),
};

let server: WireServer;
beforeEach(async () => {
  server = await startWireServer();
});
afterEach(() => server.close());

/** A stream as its provider ends it. */
const endOf = (kind: ProviderKind) => (kind === 'openai-compatible' ? 'data: [DONE]\n\n' : '');

describeOnFixtures('recorded answers', () => {
  test.each(wholes)('%s', async (file, kind, heldBy) => {
    const body = fixture(file);
    server.replyWith({ body });
    const { answer, error } = await askStreamed(providerAt(server, kind), false, request);
    expect(error).toBeNull();
    const { finishReason, ...held } = heldBy(body);
    expect(answer).toMatchObject(held);
    expect(answer?.finishReason).toBe(finishReason);
  });

  test.each(streams)('%s', async (file, kind, heldBy) => {
    const events = eventsOf(file);
    server.replyWith({ body: eventStream(events) + endOf(kind), stream: true });
    const { answer, error, pieces } = await askStreamed(providerAt(server, kind), true, request);
    expect(error).toBeNull();
    expect(answer).toMatchObject(heldBy(events.map((event) => JSON.parse(event))));
    expect(pieces.join('')).toBe(answer?.text);
  });
});

describeOnFixtures('recorded streams that are cut off', () => {
  test.each(streams)('%s', async (file, kind) => {
    const events = eventsOf(file);
    const whole = eventStream(events) + endOf(kind);
    const lines = [0, 1, Math.floor(events.length / 2), events.length - 1].map((count) =>
      eventStream(events.slice(0, count)),
    );
    const anywhere = [0.1, 0.4, 0.7, 0.95].map((share) => whole.slice(0, Math.floor(whole.length * share)));
    const provider = providerAt(server, kind);
    for (const body of [...lines, ...anywhere]) {
      for (const cut of [false, true]) {
        server.replyWith({ body, stream: true, cut });
        const { error, pieces } = await askStreamed(provider, true, request);
        expect(error).toMatchObject({ code: 'provider-failed', retryable: true, shown: pieces.length > 0 });
        const wholeLines = body.slice(0, body.lastIndexOf('\n') + 1);
        expect(error?.raw ?? '').toBe(wholeLines.slice(0, 20_000));
      }
    }
  });
});

describeOnFixtures('recorded failures', () => {
  test.each([
    ['openai-responses/openai-error.1.json', 'openai', 429, 'You exceeded your current quota', null],
    ['google/google-429-retry-info.json', 'google', 429, 'You exceeded your current quota', 34_400],
  ] as const)('%s', async (file, kind, status, words, retryAfterMs) => {
    for (const streamed of [false, true]) {
      server.replyWith({ status, body: fixture(file) });
      const { error } = await askStreamed(providerAt(server, kind), streamed);
      expect(error).toMatchObject({ status, retryAfterMs, retryable: kind === 'google', shown: false });
      expect(error?.message).toContain(words);
      expect(error?.raw).toBe(fixture(file));
    }
  });

  test('openai-responses/openai-error.1.chunks.txt', async () => {
    server.replyWith({
      body: eventStream(eventsOf('openai-responses/openai-error.1.chunks.txt')),
      stream: true,
    });
    const { error } = await askStreamed(providerAt(server, 'openai'), true);
    expect(error).toMatchObject({ code: 'provider-failed', status: 429, retryable: false, shown: false });
    expect(error?.message).toContain('You exceeded your current quota');
  });

  test.each([
    ['chat_error_handling_with_anthropic_claude-haiku-4-5_raises_appropriate_auth_error', 'anthropic'],
    ['chat_error_handling_with_gemini_gemini-2_5-flash_raises_appropriate_auth_error', 'google'],
    ['chat_error_handling_with_openai_gpt-5-nano_raises_appropriate_auth_error', 'openai'],
    [
      'chat_real_error_scenarios_anthropic_claude-haiku-4-5_handles_context_length_exceeded_errors',
      'anthropic',
    ],
    ['chat_real_error_scenarios_openai_gpt-5-nano_handles_context_length_exceeded_errors', 'openai'],
  ] as const)('vcr/%s', async (name, kind) => {
    const { status, body } = exchangesOf(name)[0]!;
    server.replyWith({ status, body });
    const { error } = await askStreamed(providerAt(server, kind), false);
    expect(error).toMatchObject({ code: 'provider-failed', status, retryable: false });
    expect(error?.message).toContain(JSON.parse(body).error.message.slice(0, 60));
  });
});

describeOnFixtures('recorded conversations', () => {
  test.each([
    ['chat_basic_chat_functionality_ollama_qwen3_can_have_a_basic_conversation', 'ollama'],
    ['chat_basic_chat_functionality_openrouter_claude-haiku-4-5_can_have_a_basic_conversation', 'openrouter'],
    ['chat_function_calling_ollama_qwen3_can_use_tools', 'ollama'],
  ] as const)('vcr/%s', async (name, kind) => {
    for (const { body } of exchangesOf(name)) {
      server.replyWith({ body });
      const { answer } = await askStreamed(providerAt(server, kind), false, request);
      expect(answer).toMatchObject(compatible(body));
    }
  });
});
