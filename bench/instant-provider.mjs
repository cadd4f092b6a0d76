// A provider that answers at once, in process: what is left of a call is the gateway's own work.
export default () => ({
  async chat(request) {
    return {
      ...{ text: '{"up":true}', toolCalls: [], finishReason: 'stop', answeredBy: request.model, recorded: false },
      ...{ provider: request.provider, model: request.model, promptTokens: 20, responseTokens: 5 },
      ...{ cachedPromptTokens: 0, cacheWriteTokens: 0, latencyMs: 0, costUsd: 0 },
      ...{ recording: null, calls: 1, recordedCostUsd: 0 },
    };
  },
});
