import type { ChatRequest } from './chat.ts';

/** What an answer may be as long as when nobody says: what most models are limited to by default. */
const assumedAnswerTokens = 4_096;

/** Roles, separators and the words with which a provider presents a schema or a tool. */
const tokensPerPart = 16;

/**
 * Tokens of a prompt, from above for all but odd text: prose takes one for about four characters, figures one for two or
 * three, other scripts at most one for each byte.
 */
export function mostPromptTokens({ messages, schema, tools = [] }: ChatRequest): number {
  let bound = tokensPerPart;
  for (const { content } of messages) bound += tokensPerPart + textTokens(content);
  if (schema !== null) bound += tokensPerPart + textTokens(JSON.stringify(schema.schema));
  for (const tool of tools) bound += tokensPerPart + textTokens(JSON.stringify(tool));
  return bound;
}

export function mostAnswerTokens({ maxTokens }: ChatRequest): number {
  return maxTokens ?? assumedAnswerTokens;
}

/** Of the question and its answer together. */
export function mostTokens(request: ChatRequest): number {
  return mostPromptTokens(request) + mostAnswerTokens(request);
}

/** Of one text, as {@link mostPromptTokens} bounds it. */
export function textTokens(text: string): number {
  const bytes = Buffer.byteLength(text);
  return text.length === bytes ? Math.ceil(bytes / 2) : bytes;
}
