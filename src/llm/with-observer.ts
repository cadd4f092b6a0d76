import { asOrreryError, type CallObserver, type EndedCall } from '../core/index.ts';
import { answerFault } from './answer-fault.ts';
import type { ChatCall, ChatModel, ChatRequest, ChatResponse } from './chat.ts';
import { noChatCost } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import type { LlmSettings } from './llm-settings.ts';

/** Tells observers how each question began and ended. A question whose answer lies in a recording does not come this far. */
export function withObserver(
  observers: readonly CallObserver[],
  providers: LlmSettings['providers'],
  next: ChatModel,
): ChatModel {
  if (observers.length === 0) return next;
  const kindOf = (provider: string | null) =>
    provider !== null && Object.hasOwn(providers, provider) ? providers[provider]!.kind : null;
  return {
    async chat(request, call) {
      const ended = begin(observers, request, call, kindOf(request.provider));
      if (ended.length === 0) return await next.chat(request, call);
      const tell = (end: EndedCall) => {
        for (const hear of ended) quietly(() => hear(end));
      };
      try {
        const response = await next.chat(request, call);
        tell(answered(request, response, kindOf(response.provider)));
        return response;
      } catch (thrown) {
        const spent = thrown instanceof ChatError ? thrown.spent : noChatCost;
        const failure = asOrreryError(thrown).code;
        const providerKind = kindOf(spent.provider);
        tell({ ...spent, providerKind, answeredBy: null, finishReason: null, failure });
        throw thrown;
      }
    },
  };
}

/** Tells observers of a provider's circuit. */
export function tellCircuit(observers: readonly CallObserver[], provider: string) {
  return (state: Parameters<NonNullable<CallObserver['circuitChanged']>>[1]): void => {
    for (const observer of observers) quietly(() => observer.circuitChanged?.(provider, state));
  };
}

function begin(
  observers: readonly CallObserver[],
  request: ChatRequest,
  call: ChatCall | undefined,
  providerKind: string | null,
) {
  const begun = {
    profile: request.profile,
    provider: request.provider,
    providerKind,
    model: request.model,
    temperature: request.temperature,
    maxTokens: request.maxTokens,
    agent: call?.agent ?? '',
    structured: request.schema !== null,
    streamed: call?.onText !== undefined,
  };
  return observers.flatMap((observer) => quietly(() => observer.callBegun(begun)) ?? []);
}

/** Written out: an answer's text must not reach an observer, and spreading is slow for every question. */
function answered(request: ChatRequest, response: ChatResponse, providerKind: string | null): EndedCall {
  return {
    provider: response.provider,
    providerKind,
    model: response.model,
    promptTokens: response.promptTokens,
    responseTokens: response.responseTokens,
    cachedPromptTokens: response.cachedPromptTokens,
    cacheWriteTokens: response.cacheWriteTokens,
    latencyMs: response.latencyMs,
    costUsd: response.costUsd,
    recording: response.recording,
    calls: response.calls,
    turnedAway: response.turnedAway,
    cacheHits: response.cacheHits,
    answeredBy: response.answeredBy,
    finishReason: response.finishReason,
    failure: answerFault(request, response),
  };
}

/** Who watches must not end what is watched. */
function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
