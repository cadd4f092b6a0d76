import type { AnswerSchema, ChatCost, ChatMessage, ChatModel, ChatResponse } from './chat.ts';
import { sumCosts } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { excerpt } from './excerpt.ts';
import type { UsableProfile } from './resolve-profile.ts';

/** Whom one question goes to, and how. */
export interface Asking {
  /** Of the record that asks: `gateway.within(scope)`. */
  readonly model: ChatModel;
  readonly profile: UsableProfile;
  /** Who asks, for the words of an error. */
  readonly role: string;
  /** Null for free text. */
  readonly schema: AnswerSchema | null;
  readonly signal?: AbortSignal | undefined;
  /** Given each piece of the answer as it comes. */
  readonly onText?: ((piece: string) => void) | undefined;
}

/**
 * A whole answer, whatever it says: a refusal and what was cut off are failures.
 * @throws ChatError `provider-failed`, `provider-refused`, or `answer-invalid` for what was cut off; it carries what this and the
 * `earlier` questions cost
 */
export async function askOnce(
  asking: Asking,
  messages: readonly ChatMessage[],
  earlier: readonly ChatCost[] = [],
): Promise<ChatResponse> {
  const { model, profile, role, schema, signal, onText } = asking;
  const { name, ...asked } = profile;
  let response: ChatResponse;
  try {
    response = await model.chat({ ...asked, profile: name, messages, schema }, { signal, onText });
  } catch (thrown) {
    if (!(thrown instanceof ChatError) || earlier.length === 0) throw thrown;
    throw thrown.with({ spent: sumCosts([...earlier, thrown.spent]) });
  }
  refuseUnfinished(response, role, earlier, onText !== undefined);
  return response;
}

function refuseUnfinished(
  response: ChatResponse,
  role: string,
  earlier: readonly ChatCost[],
  streamed: boolean,
): void {
  const { finishReason, text, provider } = response;
  const details = { spent: sumCosts([...earlier, response]), shown: streamed && text !== '' };
  if (finishReason === 'refusal') {
    throw new ChatError('provider-refused', `${provider} would not answer ${role}: ${quote(text)}`, {
      hint: 'Look at what it was asked, or choose another model for its profile.',
      ...details,
    });
  }
  if (finishReason === 'length') {
    throw new ChatError(
      'answer-invalid',
      `${role}'s answer was cut off at the token limit, after ${quote(text)}`,
      { hint: 'Raise maxTokens, of the profile or of the agent itself.', ...details },
    );
  }
}

/** The answer was redacted by its adapter. */
export function quote(text: string): string {
  return text.trim() === '' ? 'nothing' : `"${excerpt(text)}"`;
}
