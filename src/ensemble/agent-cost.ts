/** What models took for an agent. Token counts are 0 where a provider did not say. */
export interface AgentCost {
  readonly provider: string | null;
  readonly model: string | null;
  readonly calls: number;
  readonly cacheHits: number;
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly costUsd: number;
}

export const noAgentCost: AgentCost = {
  provider: null,
  model: null,
  calls: 0,
  cacheHits: 0,
  promptTokens: 0,
  responseTokens: 0,
  costUsd: 0,
};

/** Both together, under the provider and model of the later one that names any. */
export function addAgentCost(earlier: AgentCost, later: AgentCost): AgentCost {
  return {
    provider: later.provider ?? earlier.provider,
    model: later.model ?? earlier.model,
    calls: earlier.calls + later.calls,
    cacheHits: earlier.cacheHits + later.cacheHits,
    promptTokens: earlier.promptTokens + later.promptTokens,
    responseTokens: earlier.responseTokens + later.responseTokens,
    costUsd: earlier.costUsd + later.costUsd,
  };
}
