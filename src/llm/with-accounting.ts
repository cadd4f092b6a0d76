import { OrreryError, sinceProcessStartMs } from '../core/index.ts';
import { costOf, free } from './budget/price.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import type { LlmSettings } from './llm-settings.ts';

/**
 * What a call took in all: time over every try, money by the profile's `usdPerMillion` (0 without one). A failed call costs its
 * time. Gives an abort its name as well: the caller's own time limit is a failure of the call, anything else an interrupt.
 */
export function withAccounting(profiles: LlmSettings['profiles'], next: ChatModel): ChatModel {
  return {
    async chat(request, call) {
      const signal = call?.signal;
      const startedMs = sinceProcessStartMs();
      try {
        const response = await next.chat(request, call);
        const costUsd = costOf(profiles[request.profile]?.usdPerMillion ?? free, response);
        return { ...response, latencyMs: sinceProcessStartMs() - startedMs, costUsd };
      } catch (thrown) {
        const error = thrown instanceof ChatError || !signal?.aborted ? thrown : aborted(request, signal);
        if (!(error instanceof ChatError)) throw error;
        const { provider, model } = request;
        const latencyMs = sinceProcessStartMs() - startedMs;
        throw error.with({ spent: { ...error.spent, provider, model, latencyMs, calls: 1 } });
      }
    },
  };
}

function aborted(request: ChatRequest, signal: AbortSignal): OrreryError {
  const reason: unknown = signal.reason;
  if (reason instanceof OrreryError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new ChatError(
      'provider-failed',
      `${request.provider} gave no answer within the agent's time limit`,
      {
        hint: "Raise the agent's timeoutMs, or use a faster model.",
        retryable: true,
      },
    );
  }
  return new OrreryError('interrupted', `The call to ${request.provider} was interrupted`, {
    hint: 'Continue with orrery run --resume RUN.',
  });
}
