import { z } from 'zod';
import type { ChatMessage } from '../../llm/index.ts';
import {
  piecesOf,
  type WireAnswer,
  type WireError,
  type WireEvent,
  type WireFormat,
  type WireProblem,
} from '../wire-format.ts';
import { content, jsonObject, jsonSchema, readBody, textOf } from './content.ts';

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: jsonObject }),
  z.object({ type: z.literal('tool_result'), tool_use_id: z.string(), content: content.optional() }),
]);

const message = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(block)]),
});

const outputFormat = z.object({ type: z.literal('json_schema'), schema: jsonSchema });

const request = z.object({
  max_tokens: z.int({ error: 'Field required' }).min(1),
  messages: z.array(message).min(1),
  system: content.optional(),
  temperature: z.number().min(0).max(1).optional(),
  output_config: z.looseObject({ format: outputFormat.optional() }).optional(),
  output_format: outputFormat.optional(),
  tools: z
    .array(z.object({ name: z.string(), description: z.string().default(''), input_schema: jsonSchema }))
    .default([]),
  tool_choice: z
    .object({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() })
    .optional(),
});

type Body = z.infer<typeof request>;

/** https://docs.anthropic.com/en/api/messages */
export const anthropic: WireFormat = {
  name: 'anthropic',
  read(body) {
    const read = readBody(request, body);
    const format = read.output_config?.format ?? read.output_format;
    const forced = forcedTool(read);
    return {
      system: textOf(read.system),
      messages: read.messages.flatMap(readMessage),
      temperature: read.temperature ?? null,
      maxTokens: read.max_tokens,
      // Before there was an output format, an answer was given its schema as the one tool that had to be called.
      schema: format
        ? { name: null, schema: format.schema }
        : forced && { name: forced.name, schema: forced.input_schema },
      tools: read.tools.map(({ name, description, input_schema }) => ({
        name,
        description,
        schema: input_schema,
      })),
    };
  },
  answerTool: (body) => forcedTool(readBody(request, body))?.name ?? null,
  whole: (answer) => ({
    ...headOf(answer),
    content: blocksOf(answer),
    stop_reason: stopReasons[answer.finish],
    stop_sequence: null,
    usage: usageOf(answer, answer.usage.responseTokens),
  }),
  events: eventsOf,
  error: errorOf,
  errorEvent: () => ({ event: 'error', data: JSON.stringify(errorOf({ kind: 'overloaded' }).body) }),
};

/** The tool that has to be called, when there is but one that may be. */
function forcedTool({ tools, tool_choice: choice }: Body): Body['tools'][number] | null {
  if (choice?.type === 'tool') return tools.find(({ name }) => name === choice.name) ?? null;
  return choice?.type === 'any' && tools.length === 1 ? (tools[0] ?? null) : null;
}

function readMessage({ role, content: written }: z.infer<typeof message>): readonly ChatMessage[] {
  if (typeof written === 'string') return [{ role, content: written }];
  const results = written.flatMap((one) =>
    one.type === 'tool_result'
      ? [{ role: 'tool' as const, content: textOf(one.content), toolCallId: one.tool_use_id }]
      : [],
  );
  const text = written.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('');
  const toolCalls = written.flatMap((one) =>
    one.type === 'tool_use' ? [{ id: one.id, name: one.name, input: one.input }] : [],
  );
  if (role === 'assistant') {
    return [{ role, content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
  }
  return [...results, ...(text === '' ? [] : [{ role, content: text }])];
}

const stopReasons = {
  stop: 'end_turn',
  length: 'max_tokens',
  tools: 'tool_use',
  refusal: 'refusal',
  filter: 'refusal',
} as const;

function headOf({ call, model }: WireAnswer) {
  return { id: `msg_fake${call}`, type: 'message', role: 'assistant', model };
}

function blocksOf({ call, text, toolCalls }: WireAnswer) {
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...toolCalls.map(({ id, name, input }, index) => ({
      type: 'tool_use' as const,
      id: id ?? `toolu_fake${call}_${index}`,
      name,
      input,
    })),
  ];
}

/** Anthropic counts cached tokens beside the input, not in it. */
function usageOf({ usage }: WireAnswer, output_tokens: number): object {
  const { promptTokens, cachedPromptTokens, cacheWriteTokens } = usage;
  return {
    input_tokens: promptTokens - cachedPromptTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedPromptTokens,
    output_tokens,
  };
}

function eventsOf(answer: WireAnswer): readonly WireEvent[] {
  const message = {
    ...headOf(answer),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(answer, 1),
  };
  const events = [
    { type: 'message_start', message },
    { type: 'ping' },
    ...blocksOf(answer).flatMap((one, index) => [
      {
        type: 'content_block_start',
        index,
        content_block: one.type === 'text' ? { type: 'text', text: '' } : { ...one, input: {} },
      },
      ...deltasOf(one).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReasons[answer.finish], stop_sequence: null },
      usage: usageOf(answer, answer.usage.responseTokens),
    },
    { type: 'message_stop' },
  ];
  return events.map((event) => ({ event: event.type, data: JSON.stringify(event) }));
}

function deltasOf(one: ReturnType<typeof blocksOf>[number]): readonly object[] {
  return one.type === 'text'
    ? piecesOf(one.text).map((text) => ({ type: 'text_delta', text }))
    : piecesOf(JSON.stringify(one.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }));
}

function errorOf(problem: WireProblem): WireError {
  switch (problem.kind) {
    case 'rate-limit':
      return {
        status: 429,
        headers: { 'retry-after': String(problem.retryAfterSeconds) },
        body: bodyOf('rate_limit_error', 'This request would exceed your rate limit of requests per minute.'),
      };
    case 'overloaded':
      return { status: 529, body: bodyOf('overloaded_error', 'Overloaded') };
    case 'server-error':
      return { status: 500, body: bodyOf('api_error', 'Internal server error') };
    case 'unauthorized':
      return { status: 401, body: bodyOf('authentication_error', 'invalid x-api-key') };
    case 'context-too-long':
      return {
        status: 400,
        body: bodyOf('invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum'),
      };
    case 'not-found':
      return { status: 404, body: bodyOf('not_found_error', problem.message) };
    case 'bad-request':
      return { status: 400, body: bodyOf('invalid_request_error', problem.message) };
    case 'brain-failed':
      return { status: 500, body: bodyOf('api_error', problem.message) };
  }
}

function bodyOf(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_fake' };
}
