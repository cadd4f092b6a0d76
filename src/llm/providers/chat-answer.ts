import type { ChatRequest, ChatResponse, FinishReason, ToolCall } from '../chat.ts';
import type { ChatError } from '../chat-error.ts';
import { excerpt } from '../excerpt.ts';
import { parseJson } from './parse-json.ts';
import { emptyAnswer } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

type Named = Pick<ProviderOptions, 'name' | 'redact'>;

/** An answer as an adapter read it, not yet redacted. */
export interface ReadAnswer {
  readonly text: string;
  readonly toolCalls: readonly WrittenToolCall[];
  /** By the provider's own account; with calls of tools in the answer `stop` becomes `tools`. */
  readonly finishReason: FinishReason;
  /** Null where the provider did not say. */
  readonly answeredBy: string | null;
  /** Prompt tokens count the cached ones too. */
  readonly usage: Pick<
    ChatResponse,
    'promptTokens' | 'responseTokens' | 'cachedPromptTokens' | 'cacheWriteTokens'
  >;
}

export interface WrittenToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it; nothing at all stands for no arguments. */
  readonly input: string;
}

/**
 * The answer, redacted. `broken` makes the failure of one that is not whole.
 * @throws ChatError for one that says nothing although it ended by itself, and for the call of a tool that has no name or whose input is
 * not JSON: such an answer is as good as cut off
 */
export function chatAnswer(
  options: Named,
  request: ChatRequest,
  read: ReadAnswer,
  broken: (what: string) => ChatError,
): ChatResponse {
  const { redact } = options;
  const finishReason = finishReasonOf(read);
  const saysNothing = read.text.trim() === '' && (finishReason === 'stop' || finishReason === 'other');
  if (saysNothing) throw emptyAnswer(options, read.usage);
  return {
    text: redact(read.text),
    toolCalls: finishReason === 'tools' ? read.toolCalls.map((call) => toolCall(options, call, broken)) : [],
    finishReason,
    ...{ provider: request.provider, model: request.model },
    answeredBy: redact(read.answeredBy ?? request.model),
    ...read.usage,
    ...{
      latencyMs: 0,
      costUsd: 0,
      recordedCostUsd: 0,
      calls: 1,
      turnedAway: 0,
      cacheHits: 0,
      recording: null,
      recorded: false,
    },
  };
}

function finishReasonOf({ finishReason, toolCalls }: ReadAnswer): FinishReason {
  if (finishReason === 'stop' && toolCalls.length > 0) return 'tools';
  return finishReason === 'tools' && toolCalls.length === 0 ? 'other' : finishReason;
}

function toolCall(
  options: Named,
  { id, name, input }: WrittenToolCall,
  broken: (what: string) => ChatError,
): ToolCall {
  if (name.trim() === '') throw broken('called a tool without a name');
  const parsed = parseJson(options.redact(input.trim() === '' ? '{}' : input));
  if (parsed === undefined) throw broken(`called ${excerpt(options.redact(name))} with no JSON`);
  return { id: options.redact(id), name: options.redact(name), input: parsed };
}
