import { sinceProcessStartMs } from '../core/index.ts';
import { costOf, free } from './budget/price.ts';
import type { ChatModel } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { failedCall } from './failed-call.ts';
import type { LlmSettings } from './llm-settings.ts';

/**
 * What a call took in all: time over every try, money by the profile's `usdPerMillion` (0 without one). A failed call costs its
 * time, and the tokens its provider reported all the same.
 */
export function withAccounting(profiles: LlmSettings['profiles'], next: ChatModel): ChatModel {
  const priceOf = (profile: string) => profiles[profile]?.usdPerMillion ?? free;
  const priced = (thrown: unknown, profile: string) =>
    thrown instanceof ChatError
      ? thrown.with({ spent: { ...thrown.spent, costUsd: costOf(priceOf(profile), thrown.spent) } })
      : thrown;
  return {
    async chat(request, call) {
      const startedMs = sinceProcessStartMs();
      try {
        const response = await next.chat(request, call);
        const costUsd = costOf(priceOf(request.profile), response);
        return { ...response, latencyMs: sinceProcessStartMs() - startedMs, costUsd };
      } catch (thrown) {
        throw failedCall(request, call?.signal, startedMs, priced(thrown, request.profile));
      }
    },
  };
}
