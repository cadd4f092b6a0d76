import type { ChatCost } from '../chat.ts';
import { noChatCost } from '../chat-cost.ts';
import type { ChatError } from '../chat-error.ts';

/** The failure of an answer that is thrown away, with the tokens that its provider says it took. */
export function billed(
  failure: ChatError,
  usage: Pick<ChatCost, 'promptTokens' | 'responseTokens' | 'cachedPromptTokens' | 'cacheWriteTokens'>,
): ChatError {
  return failure.with({ spent: { ...noChatCost, ...usage } });
}
