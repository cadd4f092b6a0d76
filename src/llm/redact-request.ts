import type { JsonValue } from '../core/index.ts';
import type { AnswerSchema, ChatMessage, ChatRequest, ToolDefinition } from './chat.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Redact } from './redact.ts';
import { redactJson } from './redact-json.ts';

/** The request as it may be kept and shown: no string in it holds a secret. Its key is that of the request as it was asked. */
export function redactRequest(request: ChatRequest, redact: Redact): ChatRequest {
  const { profile, provider, model, messages, schema, tools } = request;
  return {
    ...request,
    ...{ profile: redact(profile), provider: redact(provider), model: redact(model) },
    messages: messages.map((message) => redactMessage(message, redact)),
    schema: schema === null ? null : redactSchema(schema, redact),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => redactTool(tool, redact)) }),
  };
}

function redactMessage(message: ChatMessage, redact: Redact): ChatMessage {
  const content = redact(message.content);
  if (message.role === 'tool') return { ...message, content, toolCallId: redact(message.toolCallId) };
  if (message.role !== 'assistant' || message.toolCalls === undefined) return { ...message, content };
  const toolCalls = message.toolCalls.map(({ id, name, input }) => ({
    ...{ id: redact(id), name: redact(name) },
    input: redactJson(input, redact),
  }));
  return { ...message, content, toolCalls };
}

function redactTool({ name, description, schema }: ToolDefinition, redact: Redact): ToolDefinition {
  return { name: redact(name), description: redact(description), schema: redactWords(schema, redact) };
}

function redactSchema({ name, schema }: AnswerSchema, redact: Redact): AnswerSchema {
  return { name: redact(name), schema: redactWords(schema, redact) };
}

/** A schema is JSON; redacting keeps its shape. */
function redactWords(schema: JsonSchema, redact: Redact): JsonSchema {
  return redactJson(schema as JsonValue, redact) as JsonSchema;
}
