import { z } from 'zod';
import type { JsonValue } from '../../core/index.ts';
import type { ChatMessage } from '../../llm/index.ts';
import { piecesOf, totalTokens, type WireAnswer, type WireEvent, type WireFormat } from '../wire-format.ts';
import { content, jsonSchema, readBody, textOf } from './content.ts';
import { openAiError } from './openai-error.ts';

const item = z.union([
  z.object({
    type: z.literal('function_call'),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: content }),
  z.object({
    type: z.literal('message').optional(),
    role: z.enum(['system', 'developer', 'user', 'assistant']),
    content,
  }),
]);

const request = z.object({
  input: z.union([z.string(), z.array(item)]),
  instructions: z.string().nullish(),
  temperature: z.number().nullish(),
  max_output_tokens: z.int().nullish(),
  text: z
    .object({
      format: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('json_schema'), name: z.string(), schema: jsonSchema }),
          z.object({ type: z.enum(['json_object', 'text']) }),
        ])
        .optional(),
    })
    .optional(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        name: z.string(),
        description: z.string().nullish(),
        parameters: jsonSchema.default({ type: 'object' }),
      }),
    )
    .default([]),
});

/** https://platform.openai.com/docs/api-reference/responses */
export const openAiResponses: WireFormat = {
  name: 'openai-responses',
  read(body) {
    const { input, instructions, tools, text, ...rest } = readBody(request, body);
    const items = typeof input === 'string' ? [{ role: 'user' as const, content: input }] : input;
    const format = text?.format;
    return {
      system: [instructions ?? [], ...items.map(systemOf)].flat().join('\n'),
      messages: items.flatMap(readItem),
      temperature: rest.temperature ?? null,
      maxTokens: rest.max_output_tokens ?? null,
      schema: format?.type === 'json_schema' ? { name: format.name, schema: format.schema } : null,
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description: description ?? '',
        schema: parameters,
      })),
    };
  },
  whole: (answer) => responseOf(answer, outputOf(answer)),
  events: eventsOf,
  error: openAiError,
  errorEvent: () => ({
    event: 'error',
    data: JSON.stringify({
      type: 'error',
      sequence_number: 0,
      code: 'server_is_overloaded',
      message: 'The server is currently overloaded.',
      param: null,
    }),
  }),
};

type Item = z.infer<typeof item>;

function systemOf(one: Item): readonly string[] {
  return 'role' in one && (one.role === 'system' || one.role === 'developer') ? [textOf(one.content)] : [];
}

function readItem(one: Item): readonly ChatMessage[] {
  if ('output' in one) return [{ role: 'tool', content: textOf(one.output), toolCallId: one.call_id }];
  if ('arguments' in one) {
    const input = JSON.parse(one.arguments) as JsonValue;
    return [{ role: 'assistant', content: '', toolCalls: [{ id: one.call_id, name: one.name, input }] }];
  }
  return one.role === 'user' || one.role === 'assistant'
    ? [{ role: one.role, content: textOf(one.content) }]
    : [];
}

interface OutputItem {
  readonly id: string;
  readonly type: 'message' | 'function_call';
  readonly [key: string]: unknown;
}

function outputOf(answer: WireAnswer): readonly OutputItem[] {
  const calls = answer.toolCalls.map(({ id, name, input }, index): OutputItem => {
    const call_id = id ?? `call_fake${answer.call}_${index}`;
    const status = 'completed';
    return {
      id: `fc_fake${answer.call}_${index}`,
      type: 'function_call',
      status,
      call_id,
      name,
      arguments: JSON.stringify(input),
    };
  });
  if (answer.text === '' && calls.length > 0) return calls;
  const status = isIncomplete(answer) ? 'incomplete' : 'completed';
  const message: OutputItem = {
    id: `msg_fake${answer.call}`,
    type: 'message',
    status,
    role: 'assistant',
    content: [contentOf(answer, answer.text)],
  };
  return [message, ...calls];
}

function contentOf({ finish }: WireAnswer, text: string): object {
  return finish === 'refusal'
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [], logprobs: [] };
}

function isIncomplete({ finish }: WireAnswer): boolean {
  return finish === 'length' || finish === 'filter';
}

function responseOf(answer: WireAnswer, output: readonly OutputItem[], isDone = true): object {
  const incomplete = isDone && isIncomplete(answer);
  return {
    id: `resp_fake${answer.call}`,
    object: 'response',
    created_at: 0,
    status: isDone ? (incomplete ? 'incomplete' : 'completed') : 'in_progress',
    error: null,
    incomplete_details: incomplete
      ? { reason: answer.finish === 'length' ? 'max_output_tokens' : 'content_filter' }
      : null,
    instructions: null,
    model: answer.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    tool_choice: 'auto',
    tools: [],
    usage: isDone ? usageOf(answer) : null,
    metadata: {},
  };
}

function usageOf({ usage }: WireAnswer): object {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedPromptTokens },
    output_tokens: usage.responseTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: totalTokens(usage),
  };
}

interface ResponseEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

function eventsOf(answer: WireAnswer): readonly WireEvent[] {
  const output = outputOf(answer);
  const events: readonly ResponseEvent[] = [
    { type: 'response.created', response: responseOf(answer, [], false) },
    { type: 'response.in_progress', response: responseOf(answer, [], false) },
    ...output.flatMap((one, index) =>
      one.type === 'message' ? messageEvents(answer, one, index) : callEvents(one, index),
    ),
    {
      type: isIncomplete(answer) ? 'response.incomplete' : 'response.completed',
      response: responseOf(answer, output),
    },
  ];
  return events.map((event, sequence_number) => ({
    event: event.type,
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}

function messageEvents(
  answer: WireAnswer,
  message: OutputItem,
  output_index: number,
): readonly ResponseEvent[] {
  const place = { item_id: message.id, output_index, content_index: 0 };
  const [kind, whole] =
    answer.finish === 'refusal' ? (['refusal', 'refusal'] as const) : (['output_text', 'text'] as const);
  return [
    {
      type: 'response.output_item.added',
      output_index,
      item: { ...message, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...place, part: contentOf(answer, '') },
    ...piecesOf(answer.text).map((delta) => ({
      type: `response.${kind}.delta`,
      ...place,
      delta,
      ...(kind === 'output_text' ? { logprobs: [] } : {}),
    })),
    { type: `response.${kind}.done`, ...place, [whole]: answer.text },
    { type: 'response.content_part.done', ...place, part: contentOf(answer, answer.text) },
    { type: 'response.output_item.done', output_index, item: message },
  ];
}

function callEvents(call: OutputItem, output_index: number): readonly ResponseEvent[] {
  const place = { item_id: call.id, output_index };
  const input = String(call['arguments']);
  return [
    {
      type: 'response.output_item.added',
      output_index,
      item: { ...call, status: 'in_progress', arguments: '' },
    },
    ...piecesOf(input).map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
    { type: 'response.function_call_arguments.done', ...place, arguments: input },
    { type: 'response.output_item.done', output_index, item: call },
  ];
}
