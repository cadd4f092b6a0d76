import type { CallCost } from '../core/index.ts';
import type { JsonSchema } from './json-schema.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What an answer must look like. `name` is the agent's role; providers show it to the model and to their logs. */
export interface AnswerSchema {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** One question to one model. Everything but `profile` decides the answer and makes the recording's key. */
export interface ChatRequest {
  /** The profile it is asked through: for prices, never sent. */
  readonly profile: string;
  readonly provider: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Null leaves it to the provider, like `maxTokens`. */
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** Null for free text. */
  readonly schema: AnswerSchema | null;
}

/** `length`: cut off at the token limit. `refusal`: the model or its provider would not answer. */
export type FinishReason = 'stop' | 'length' | 'refusal' | 'other';

/** What one or several calls took. Token counts are 0 where the provider did not say; nothing is estimated. */
export interface ChatCost extends CallCost {
  /** Questions put to a model; repeated tries of one question count once. */
  readonly calls: number;
  /** What answers taken from an earlier run's recordings had cost that run; this run's own spending is `costUsd`. */
  readonly recordedCostUsd: number;
}

export interface ChatResponse extends ChatCost {
  /** The answer, or the words of the refusal. */
  readonly text: string;
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
  chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatResponse>;
}
