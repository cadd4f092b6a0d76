import type { ChatRequest, ChatResponse } from './chat.ts';
import type { ChatErrorCode } from './chat-error.ts';
import { readAnswer } from './read-answer.ts';

/**
 * Why an answer is of no use to who asked, as the code of the error that comes of it; null for one that is. The same in
 * figures, metrics and records, wherever they are drawn from.
 */
export function answerFault(
  { schema }: Pick<ChatRequest, 'schema'>,
  { finishReason, text }: Pick<ChatResponse, 'finishReason' | 'text'>,
): ChatErrorCode | null {
  if (finishReason === 'refusal') return 'provider-refused';
  if (finishReason === 'length') return 'answer-invalid';
  if (finishReason === 'tools') return null;
  const fits = schema === null ? text.trim() !== '' : readAnswer(schema, text).kind === 'fits';
  return fits ? null : 'answer-invalid';
}
