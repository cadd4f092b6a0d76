import type { ChatCost, ChatRequest } from '../chat.ts';
import { mostAnswerTokens, mostPromptTokens } from '../token-bounds.ts';

/** Dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** For prompt tokens read from the provider's cache, and written into it; as `input` when left out. */
  readonly cachedInput?: number | undefined;
  readonly cacheWrite?: number | undefined;
}

export const free: Price = { input: 0, output: 0 };

type Usage = Pick<ChatCost, 'promptTokens' | 'responseTokens' | 'cachedPromptTokens' | 'cacheWriteTokens'>;

/** In dollars; never below 0, whatever a provider states. */
export function costOf(price: Price, usage: Usage): number {
  const { promptTokens, responseTokens, cachedPromptTokens, cacheWriteTokens } = usage;
  const plain = Math.max(0, promptTokens - cachedPromptTokens - cacheWriteTokens);
  const { input, output, cachedInput = input, cacheWrite = input } = price;
  const prompt = plain * input + cachedPromptTokens * cachedInput + cacheWriteTokens * cacheWrite;
  return (prompt + responseTokens * output) / 1_000_000;
}

/** What a request may cost, in dollars: nothing cached, all written into the cache, the longest answer. */
export function mostCostOf(price: Price, request: ChatRequest): number {
  const { input, output, cacheWrite = input } = price;
  const prompt = mostPromptTokens(request) * Math.max(input, cacheWrite);
  return (prompt + mostAnswerTokens(request) * output) / 1_000_000;
}
