import type { ChatMessage, JsonSchema, ToolDefinition } from '../llm/index.ts';

/** Wire formats the fake provider speaks: OpenAI's chat completions and responses, Anthropic's messages, Google's `generateContent`. */
export type FakeFormat = 'openai-chat' | 'openai-responses' | 'anthropic' | 'google';

/** What a model was asked, in the same words whatever the format. */
export interface FakeQuestion {
  readonly model: string;
  /** All system messages joined by a line break; empty for none. */
  readonly system: string;
  /** In their order, without the system's. */
  readonly messages: readonly ChatMessage[];
  /** Null where the request left it to the provider, like `maxTokens`. */
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** What the answer must look like. Google and Anthropic's `output_config` give it no name. */
  readonly schema: { readonly name: string | null; readonly schema: JsonSchema } | null;
  readonly tools: readonly ToolDefinition[];
  readonly stream: boolean;
}

/** One request as the server got it. */
export interface FakeRequest extends FakeQuestion {
  readonly format: FakeFormat;
  /** From whichever header (or, for Google, the query) the format keeps it in. */
  readonly apiKey: string | null;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** The body as it was sent, for what only one format has. */
  readonly body: { readonly [key: string]: unknown };
}

/** Texts to be made vectors of. */
export interface FakeEmbeddingRequest {
  readonly format: 'openai' | 'google';
  readonly model: string;
  readonly texts: readonly string[];
  readonly apiKey: string | null;
}

/** Every text of a request, system first, joined by line breaks. */
export function promptOf({ system, messages }: Pick<FakeQuestion, 'system' | 'messages'>): string {
  return [system, ...messages.map(({ content }) => content)].filter((text) => text !== '').join('\n');
}
