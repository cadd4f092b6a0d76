import { sinceProcessStartMs } from '../core/index.ts';
import { costOf, free } from './budget/price.ts';
import type { ChatModel } from './chat.ts';
import { failedCall } from './failed-call.ts';
import type { LlmSettings } from './llm-settings.ts';

/**
 * What a call took in all: time over every try, money by the profile's `usdPerMillion` (0 without one). A failed call costs its
 * time.
 */
export function withAccounting(profiles: LlmSettings['profiles'], next: ChatModel): ChatModel {
  return {
    async chat(request, call) {
      const startedMs = sinceProcessStartMs();
      try {
        const response = await next.chat(request, call);
        const costUsd = costOf(profiles[request.profile]?.usdPerMillion ?? free, response);
        return { ...response, latencyMs: sinceProcessStartMs() - startedMs, costUsd };
      } catch (thrown) {
        throw failedCall(request, call?.signal, startedMs, thrown);
      }
    },
  };
}
