import { z } from 'zod';
import type { ChatMessage } from '../../llm/index.ts';
import {
  piecesOf,
  totalTokens,
  type WireAnswer,
  type WireError,
  type WireEvent,
  type WireFormat,
  type WireProblem,
} from '../wire-format.ts';
import { jsonObject, jsonSchema, readBody } from './content.ts';

const part = z.object({
  text: z.string().optional(),
  functionCall: z
    .object({ id: z.string().optional(), name: z.string(), args: jsonObject.optional() })
    .optional(),
  functionResponse: z
    .object({ id: z.string().optional(), name: z.string(), response: z.unknown() })
    .optional(),
});

const turn = z.object({ role: z.enum(['user', 'model']).optional(), parts: z.array(part) });

const request = z.object({
  contents: z.array(turn).min(1),
  systemInstruction: z.object({ parts: z.array(part) }).optional(),
  generationConfig: z
    .looseObject({
      temperature: z.number().optional(),
      maxOutputTokens: z.int().optional(),
      responseMimeType: z.string().optional(),
      responseSchema: jsonSchema.optional(),
      responseJsonSchema: jsonSchema.optional(),
    })
    .optional(),
  tools: z
    .array(
      z.object({
        functionDeclarations: z
          .array(
            z.object({
              name: z.string(),
              description: z.string().default(''),
              parameters: jsonSchema.nullish(),
              parametersJsonSchema: jsonSchema.nullish(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** https://ai.google.dev/api/generate-content */
export const google: WireFormat = {
  name: 'google',
  read(body) {
    const { contents, systemInstruction, generationConfig: config = {}, tools } = readBody(request, body);
    const schema = config.responseJsonSchema ?? config.responseSchema;
    return {
      system: textOf(systemInstruction?.parts ?? []),
      messages: contents.flatMap(readTurn),
      temperature: config.temperature ?? null,
      maxTokens: config.maxOutputTokens ?? null,
      schema: schema === undefined ? null : { name: null, schema },
      tools: tools.flatMap(({ functionDeclarations }) =>
        functionDeclarations.map(({ name, description, parameters, parametersJsonSchema }) => ({
          name,
          description,
          schema: parametersJsonSchema ?? parameters ?? { type: 'object' },
        })),
      ),
    };
  },
  whole: (answer) => chunkOf(answer, partsOf(answer), true),
  events(answer) {
    const texts = piecesOf(answer.text).map((text) => chunkOf(answer, [{ text }], false));
    const calls = callsOf(answer).map((call) => chunkOf(answer, [call], false));
    const chunks = [...texts, ...calls, chunkOf(answer, [{ text: '' }], true)];
    return chunks.map((chunk): WireEvent => ({ data: JSON.stringify(chunk) }));
  },
  error: errorOf,
  errorEvent: () => ({ data: JSON.stringify(errorOf({ kind: 'overloaded' }).body) }),
};

function textOf(parts: readonly z.infer<typeof part>[]): string {
  return parts.map(({ text }) => text ?? '').join('');
}

function readTurn({ role, parts }: z.infer<typeof turn>): readonly ChatMessage[] {
  const content = textOf(parts);
  const toolCalls = parts.flatMap(({ functionCall: call }) =>
    call === undefined ? [] : [{ id: call.id ?? call.name, name: call.name, input: call.args ?? {} }],
  );
  if (role === 'model') {
    return [{ role: 'assistant', content, ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
  }
  const results = parts.flatMap(({ functionResponse: given }) =>
    given === undefined
      ? []
      : [
          {
            role: 'tool' as const,
            content: JSON.stringify(given.response),
            toolCallId: given.id ?? given.name,
          },
        ],
  );
  return [...results, ...(content === '' ? [] : [{ role: 'user' as const, content }])];
}

const finishReasons = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tools: 'STOP',
  refusal: 'SAFETY',
  filter: 'SAFETY',
} as const;

function callsOf({ toolCalls }: WireAnswer) {
  return toolCalls.map(({ id, name, input }) => ({
    functionCall: { ...(id === null ? {} : { id }), name, args: input },
  }));
}

function partsOf(answer: WireAnswer): readonly object[] {
  return [
    ...(answer.text === '' && answer.toolCalls.length > 0 ? [] : [{ text: answer.text }]),
    ...callsOf(answer),
  ];
}

function chunkOf(answer: WireAnswer, parts: readonly object[], isLast: boolean): object {
  const { usage } = answer;
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(isLast ? { finishReason: finishReasons[answer.finish] } : {}),
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: usage.promptTokens,
      ...(usage.cachedPromptTokens === 0 ? {} : { cachedContentTokenCount: usage.cachedPromptTokens }),
      candidatesTokenCount: usage.responseTokens,
      totalTokenCount: totalTokens(usage),
    },
    modelVersion: answer.model,
    responseId: `fake${answer.call}`,
  };
}

function errorOf(problem: WireProblem): WireError {
  switch (problem.kind) {
    case 'rate-limit':
      return wireError(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
        {
          '@type': 'type.googleapis.com/google.rpc.RetryInfo',
          retryDelay: `${problem.retryAfterSeconds}s`,
        },
      ]);
    case 'overloaded':
      return wireError(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.');
    case 'server-error':
      return wireError(500, 'INTERNAL', 'An internal error has occurred.');
    case 'unauthorized':
      return wireError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
          metadata: { service: 'generativelanguage.googleapis.com' },
        },
      ]);
    case 'context-too-long':
      return wireError(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
      );
    case 'not-found':
      return wireError(404, 'NOT_FOUND', problem.message);
    case 'bad-request':
      return wireError(400, 'INVALID_ARGUMENT', problem.message);
    case 'brain-failed':
      return wireError(500, 'INTERNAL', problem.message);
  }
}

function wireError(code: number, status: string, message: string, details?: readonly object[]): WireError {
  return {
    status: code,
    body: { error: { code, message, status, ...(details === undefined ? {} : { details }) } },
  };
}
