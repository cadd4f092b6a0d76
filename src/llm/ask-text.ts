import { type Asking, askOnce } from './ask-once.ts';
import type { ChatCost, ChatMessage, ChatResponse } from './chat.ts';
import { ChatError } from './chat-error.ts';

export interface TextQuestion extends Omit<Asking, 'schema'> {
  readonly messages: readonly ChatMessage[];
}

export interface TextAnswer {
  readonly text: string;
  readonly response: ChatResponse;
  readonly spent: ChatCost;
}

/**
 * Asks for words, and takes any but none.
 * @throws ChatError `provider-failed`, `provider-refused`, or `answer-invalid` when the answer was cut off or is empty
 */
export async function askText({ messages, ...asking }: TextQuestion): Promise<TextAnswer> {
  const response = await askOnce({ ...asking, schema: null }, messages);
  if (response.text.trim() === '') {
    throw new ChatError('answer-invalid', `${response.provider} gave ${asking.role} an empty answer`, {
      hint: `Try another model for profile "${asking.profile.name}".`,
      spent: response,
    });
  }
  return { text: response.text, response, spent: response };
}
