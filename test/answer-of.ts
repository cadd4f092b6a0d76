import type { ChatResponse } from '../src/llm/chat.ts';
import { noChatCost } from '../src/llm/chat-cost.ts';

/** A model's answer of which only the given parts matter. */
export function answerOf(text: string, parts: Partial<ChatResponse> = {}): ChatResponse {
  return {
    ...noChatCost,
    ...{ calls: 1, provider: 'local', model: 'any', answeredBy: 'any' },
    ...{ text, toolCalls: [], finishReason: 'stop', recorded: false },
    ...parts,
  };
}
