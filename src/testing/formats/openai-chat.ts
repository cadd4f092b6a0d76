import { z } from 'zod';
import type { JsonValue } from '../../core/index.ts';
import type { ChatMessage } from '../../llm/index.ts';
import { piecesOf, totalTokens, type WireAnswer, type WireEvent, type WireFormat } from '../wire-format.ts';
import { content, jsonSchema, readBody, textOf } from './content.ts';
import { openAiError } from './openai-error.ts';

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    tool_calls: z
      .array(
        z.object({
          id: z.string(),
          type: z.literal('function'),
          function: z.object({ name: z.string(), arguments: z.string() }),
        }),
      )
      .optional(),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
]);

const request = z.object({
  messages: z.array(message).min(1),
  temperature: z.number().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), schema: jsonSchema }),
      }),
      z.object({ type: z.enum(['json_object', 'text']) }),
    ])
    .optional(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string(),
          description: z.string().default(''),
          parameters: jsonSchema.default({ type: 'object' }),
        }),
      }),
    )
    .default([]),
});

/** https://platform.openai.com/docs/api-reference/chat */
export const openAiChat: WireFormat = {
  name: 'openai-chat',
  read(body) {
    const { messages, response_format, tools, ...rest } = readBody(request, body);
    return {
      system: messages
        .flatMap((one) => (one.role === 'system' || one.role === 'developer' ? textOf(one.content) : []))
        .join('\n'),
      messages: messages.flatMap(readMessage),
      temperature: rest.temperature ?? null,
      maxTokens: rest.max_completion_tokens ?? rest.max_tokens ?? null,
      schema: response_format?.type === 'json_schema' ? response_format.json_schema : null,
      tools: tools.map(({ function: { name, description, parameters } }) => ({
        name,
        description,
        schema: parameters,
      })),
    };
  },
  whole: (answer) => ({
    id: idOf(answer),
    object: 'chat.completion',
    created: 0,
    model: answer.model,
    choices: [
      { index: 0, message: messageOf(answer), logprobs: null, finish_reason: finishReasons[answer.finish] },
    ],
    usage: usageOf(answer),
    system_fingerprint: null,
  }),
  events: eventsOf,
  error: openAiError,
  errorEvent: () => ({ data: JSON.stringify(openAiError({ kind: 'overloaded' }).body) }),
};

function readMessage(written: z.infer<typeof message>): readonly ChatMessage[] {
  const text = textOf(written.content);
  switch (written.role) {
    case 'user':
      return [{ role: 'user', content: text }];
    case 'tool':
      return [{ role: 'tool', content: text, toolCallId: written.tool_call_id }];
    case 'assistant': {
      if (written.tool_calls === undefined) return [{ role: 'assistant', content: text }];
      const toolCalls = written.tool_calls.map(({ id, function: { name, arguments: input } }) => ({
        id,
        name,
        input: JSON.parse(input) as JsonValue,
      }));
      return [{ role: 'assistant', content: text, toolCalls }];
    }
    default:
      return [];
  }
}

const finishReasons = {
  stop: 'stop',
  length: 'length',
  tools: 'tool_calls',
  refusal: 'stop',
  filter: 'content_filter',
} as const;

function idOf({ call }: WireAnswer): string {
  return `chatcmpl-fake${call}`;
}

function messageOf(answer: WireAnswer): object {
  const refused = answer.finish === 'refusal';
  return {
    role: 'assistant',
    content: refused || (answer.text === '' && answer.toolCalls.length > 0) ? null : answer.text,
    refusal: refused ? answer.text : null,
    ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
  };
}

function toolCallsOf({ call, toolCalls }: WireAnswer) {
  return toolCalls.map(({ id, name, input }, index) => ({
    id: id ?? `call_fake${call}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function usageOf({ usage }: WireAnswer): object {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.responseTokens,
    total_tokens: totalTokens(usage),
    prompt_tokens_details: { cached_tokens: usage.cachedPromptTokens },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function eventsOf(answer: WireAnswer, body: { readonly [key: string]: unknown }): readonly WireEvent[] {
  const wantsUsage = z
    .looseObject({ include_usage: z.literal(true) })
    .safeParse(body['stream_options']).success;
  const chunk = (choices: readonly object[], usage: object | null) => ({
    data: JSON.stringify({
      id: idOf(answer),
      object: 'chat.completion.chunk',
      created: 0,
      model: answer.model,
      choices,
      ...(wantsUsage ? { usage } : {}),
    }),
  });
  const delta = (change: object, finish_reason: string | null = null) =>
    chunk([{ index: 0, delta: change, logprobs: null, finish_reason }], null);
  const said = answer.finish === 'refusal' ? 'refusal' : 'content';
  return [
    delta({ role: 'assistant', content: '', refusal: null }),
    ...piecesOf(answer.text).map((piece) => delta({ [said]: piece })),
    ...toolCallsOf(answer).flatMap(({ function: { name, arguments: input }, ...call }, index) => [
      delta({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] }),
      ...piecesOf(input).map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    delta({}, finishReasons[answer.finish]),
    ...(wantsUsage ? [chunk([], usageOf(answer))] : []),
    { data: '[DONE]' },
  ];
}
