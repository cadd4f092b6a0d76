import type { CallCost, JsonValue } from '../core/index.ts';
import type { JsonSchema } from './json-schema.ts';

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  /** What a tool gave, in answer to the call of that id. */
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string };

/** What an answer must look like. `name` is the agent's role; providers show it to the model and to their logs. */
export interface AnswerSchema {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** Something a model may ask its caller to do. The schema is of the object it passes. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** A model's wish to have a tool run. */
export interface ToolCall {
  /** The provider's, to be sent back with what the tool gave. */
  readonly id: string;
  readonly name: string;
  readonly input: JsonValue;
}

/** One question to one model. Everything but `profile` and `standsFor` decides the answer and makes the recording's key. */
export interface ChatRequest {
  /** The profile it is asked through: for prices, never sent. */
  readonly profile: string;
  /** The profile it was meant for, which cannot be used itself: its other stand-ins may answer too. Never sent. */
  readonly standsFor?: string | undefined;
  readonly provider: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Null leaves it to the provider, like `maxTokens`. */
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** Null for free text. */
  readonly schema: AnswerSchema | null;
  /** Left out for none. */
  readonly tools?: readonly ToolDefinition[];
}

/** How a question is put. Nothing here changes what is asked, so none of it is recorded. */
export interface ChatCall {
  readonly signal?: AbortSignal | undefined;
  /** Given each piece of the answer's text as it comes, redacted; only with it is the answer streamed. */
  readonly onText?: ((piece: string) => void) | undefined;
  /** Of calls that wait for a provider's turn, the higher goes first; 0 when left out. */
  readonly priority?: number | undefined;
  /** Who asks, for budgets and figures. */
  readonly agent?: string | undefined;
  /** For which record, unlike any other of any run. */
  readonly record?: string | undefined;
}

/** `length`: cut off at the token limit. `refusal`: the model or its provider would not answer. `tools`: it wants tools run first. */
export type FinishReason = 'stop' | 'length' | 'refusal' | 'tools' | 'other';

/** What one or several calls took. Token counts are 0 where the provider did not say; nothing is estimated. */
export interface ChatCost extends CallCost {
  /** Of `promptTokens`, those the provider read from its own cache of prompts, and those it wrote into it. */
  readonly cachedPromptTokens: number;
  readonly cacheWriteTokens: number;
  /** Questions put to a model; repeated tries of one question count once. */
  readonly calls: number;
  /** Questions nobody was asked: the provider was left alone, or the budget was spent. */
  readonly turnedAway: number;
  /** Questions answered from the cache: no calls, and they cost nothing. */
  readonly cacheHits: number;
  /** What answers taken from an earlier run's recordings had cost that run; this run's own spending is `costUsd`. */
  readonly recordedCostUsd: number;
}

export interface ChatResponse extends ChatCost {
  /** The answer, or the words of the refusal. */
  readonly text: string;
  /** Empty unless `finishReason` is `tools`. */
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  /** The model by the provider's own account, often a dated snapshot of `model`. */
  readonly answeredBy: string;
  /** Read from a recording instead of asked. */
  readonly recorded: boolean;
}

/**
 * The one interface of a provider and of everything wrapped around it.
 * @throws ChatError when the provider gave no answer; an agent may go on without it. Anything else that is thrown ends the run.
 */
export interface ChatModel {
  chat(request: ChatRequest, call?: ChatCall): Promise<ChatResponse>;
}

export interface EmbeddingRequest {
  readonly provider: string;
  readonly model: string;
  readonly texts: readonly string[];
}

export interface EmbeddingResponse {
  /** One for each text, in their order, all of one length. */
  readonly vectors: readonly Float32Array[];
  readonly promptTokens: number;
}

/** A provider: what it answers, and, where it has such models, texts as vectors. */
export interface Provider extends ChatModel {
  /** @throws ChatError as `chat` does */
  embed?(request: EmbeddingRequest, call?: Pick<ChatCall, 'signal'>): Promise<EmbeddingResponse>;
}
