import type { ChatCost } from './chat.ts';

export const noChatCost: ChatCost = {
  provider: null,
  model: null,
  promptTokens: 0,
  responseTokens: 0,
  cachedPromptTokens: 0,
  cacheWriteTokens: 0,
  latencyMs: 0,
  costUsd: 0,
  recording: null,
  calls: 0,
  turnedAway: 0,
  cacheHits: 0,
  recordedCostUsd: 0,
};

/** The cost of calls made one after another; provider, model and recording are the last one's. */
export function sumCosts(costs: readonly ChatCost[]): ChatCost {
  return costs.reduce(
    (sum, cost) => ({
      provider: cost.provider ?? sum.provider,
      model: cost.model ?? sum.model,
      promptTokens: sum.promptTokens + cost.promptTokens,
      responseTokens: sum.responseTokens + cost.responseTokens,
      cachedPromptTokens: sum.cachedPromptTokens + cost.cachedPromptTokens,
      cacheWriteTokens: sum.cacheWriteTokens + cost.cacheWriteTokens,
      latencyMs: sum.latencyMs + cost.latencyMs,
      costUsd: sum.costUsd + cost.costUsd,
      recording: cost.recording ?? sum.recording,
      calls: sum.calls + cost.calls,
      turnedAway: sum.turnedAway + cost.turnedAway,
      cacheHits: sum.cacheHits + cost.cacheHits,
      recordedCostUsd: sum.recordedCostUsd + cost.recordedCostUsd,
    }),
    noChatCost,
  );
}
