import type { ChatCall, ChatCost, ChatRequest, ChatResponse, FinishReason, ToolCall } from './chat.ts';
import { ChatError, type ChatErrorCode } from './chat-error.ts';
import { requestKey } from './request-key.ts';

/** What a call took, as far as it belongs to the exchange and not to the run that reads it. */
type RecordedCost = Pick<
  ChatCost,
  'provider' | 'model' | 'promptTokens' | 'responseTokens' | 'latencyMs' | 'costUsd'
> &
  /** Left out where 0. */
  Partial<Pick<ChatCost, 'cachedPromptTokens' | 'cacheWriteTokens'>>;

/** How a call ended. A refusal is an answer; a failure is the last of its tries. */
export type RecordedOutcome =
  | (RecordedCost & {
      readonly kind: 'answer';
      readonly text: string;
      readonly finishReason: FinishReason;
      readonly answeredBy: string;
      /** Left out where there are none. */
      readonly toolCalls?: readonly ToolCall[];
      /** Left out unless it was read from the cache. */
      readonly cached?: true;
    })
  | (RecordedCost & {
      readonly kind: 'failure';
      readonly code: ChatErrorCode;
      readonly message: string;
      readonly hint: string | null;
      readonly retryable: boolean;
      readonly status: number | null;
      /** Left out unless nobody was asked. */
      readonly turnedAway?: true;
    });

/** One exchange with a model, word for word, without secrets. */
export interface Recording {
  /** `RUN.SCOPE.KEY`, from the second identical request in a scope on `RUN.SCOPE.KEY.ORDINAL`. */
  readonly id: string;
  readonly run: string;
  /** The record it was made for, without its run, e.g. `2310.technical`: a replay has another run id. */
  readonly scope: string;
  readonly request: ChatRequest;
  readonly outcome: RecordedOutcome;
}

/**
 * Gives the requests of one scope their recordings' ids. They depend on nothing but the request and how often the scope has asked
 * it before, so neither other agents nor a restart change them. 48 bits of the key are ample among the few requests of a scope.
 */
export function createRecordingIds(run: string, scope: string): (request: ChatRequest) => string {
  const asked = new Map<string, number>();
  return (request) => {
    const id = `${run}.${scope}.${requestKey(request).slice(0, 12)}`;
    const ordinal = (asked.get(id) ?? 0) + 1;
    asked.set(id, ordinal);
    return ordinal === 1 ? id : `${id}.${ordinal}`;
  };
}

export function answerOutcome(response: ChatResponse): RecordedOutcome {
  const { text, finishReason, answeredBy, toolCalls, cacheHits } = response;
  const asked = toolCalls.length === 0 ? {} : { toolCalls };
  const cached = cacheHits === 0 ? {} : ({ cached: true } as const);
  return { kind: 'answer', text, finishReason, answeredBy, ...asked, ...cached, ...recordedCost(response) };
}

export function failureOutcome(error: ChatError): RecordedOutcome {
  const { code, message, hint, retryable, status } = error;
  const turnedAway = error.spent.turnedAway === 0 ? {} : ({ turnedAway: true } as const);
  return {
    ...{ kind: 'failure', code, message, hint, retryable, status },
    ...turnedAway,
    ...recordedCost(error.spent),
  };
}

function recordedCost(cost: RecordedCost): RecordedCost {
  const { provider, model, promptTokens, responseTokens, latencyMs, costUsd } = cost;
  const { cachedPromptTokens = 0, cacheWriteTokens = 0 } = cost;
  return {
    ...{ provider, model, promptTokens, responseTokens, latencyMs, costUsd },
    ...(cachedPromptTokens === 0 ? {} : { cachedPromptTokens }),
    ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }),
  };
}

/** Nobody was asked. Without a provider the budget refused. */
export function wasTurnedAway(outcome: RecordedOutcome): boolean {
  return outcome.provider === null || (outcome.kind === 'failure' && outcome.turnedAway === true);
}

/**
 * Lets the recorded call happen again. `payer` says whose money it was: a resumed run's own, or an earlier run's that is replayed.
 * @throws ChatError when that is how it ended.
 */
export function repeatOutcome(
  recording: Recording,
  as: { readonly payer: 'this-run' | 'earlier-run'; readonly recorded: boolean },
): ChatResponse {
  const { outcome } = recording;
  const mine = as.payer === 'this-run';
  const cacheHits = outcome.kind === 'answer' && outcome.cached ? 1 : 0;
  const cost: ChatCost = {
    cachedPromptTokens: 0,
    cacheWriteTokens: 0,
    ...recordedCost(outcome),
    costUsd: mine ? outcome.costUsd : 0,
    recordedCostUsd: mine ? 0 : outcome.costUsd,
    recording: recording.id,
    calls: wasTurnedAway(outcome) ? 0 : 1 - cacheHits,
    turnedAway: wasTurnedAway(outcome) ? 1 : 0,
    cacheHits,
  };
  if (outcome.kind === 'answer') {
    const { text, finishReason, answeredBy, toolCalls = [] } = outcome;
    return { ...cost, text, finishReason, answeredBy, toolCalls, recorded: as.recorded };
  }
  const { code, message, hint, retryable, status } = outcome;
  throw new ChatError(code, message, {
    ...(hint === null ? {} : { hint }),
    retryable,
    status,
    spent: cost,
  });
}

/** Shows a recorded answer to whoever reads along, in one piece. */
export function handedOut(response: ChatResponse, call: ChatCall | undefined): ChatResponse {
  if (response.text !== '') call?.onText?.(response.text);
  return response;
}
