import type { AnswerSchema, ChatCost, ChatMessage, ChatModel, ChatResponse } from './chat.ts';
import { sumCosts } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { excerpt } from './excerpt.ts';
import { readAnswer } from './read-answer.ts';
import type { UsableProfile } from './resolve-profile.ts';

export interface StructuredQuestion {
  /** Of the record that asks: `gateway.within(scope)`. */
  readonly model: ChatModel;
  readonly profile: UsableProfile;
  readonly messages: readonly ChatMessage[];
  readonly schema: AnswerSchema;
  /** The words of the repair turn, given what did not fit, one to a line. A prompt, so it comes from a prompt file. */
  readonly repairMessage: (problems: string) => string;
  readonly signal?: AbortSignal;
}

export interface StructuredAnswer<Value> {
  readonly value: Value;
  /** One, or two after a repair. */
  readonly responses: readonly ChatResponse[];
  readonly spent: ChatCost;
  /** The text `value` was read from. */
  readonly raw: string;
}

/**
 * Asks for JSON of a schema and accepts exactly what fits it; an answer that does not gets one repair turn. `Value` must describe `schema`.
 * @throws ChatError `provider-failed`, `provider-refused`, or `answer-invalid` when the answer was cut off or did not fit after the
 * repair; it carries what both turns cost.
 */
export async function askStructured<Value>(question: StructuredQuestion): Promise<StructuredAnswer<Value>> {
  const { profile, schema } = question;
  const responses: ChatResponse[] = [];
  let messages = question.messages;
  for (;;) {
    const response = await ask(question, messages, responses);
    responses.push(response);
    const spent = sumCosts(responses);
    refuseUnfinished(response, schema.name, spent);
    const read = readAnswer(schema, response.text);
    if (read.kind === 'fits') return { value: read.value as Value, responses, spent, raw: response.text };
    const problems = read.problems.slice(0, 8);
    if (responses.length === 2) {
      throw new ChatError(
        'answer-invalid',
        `${schema.name}'s answer does not fit its schema, even after a repair turn: ${problems.join('; ')}. It said ${quote(response.text)}`,
        { hint: `Try another model for profile "${profile.name}".`, spent },
      );
    }
    messages = [
      ...messages,
      { role: 'assistant', content: response.text },
      { role: 'user', content: question.repairMessage(problems.join('\n')) },
    ];
  }
}

async function ask(
  { model, profile, schema, signal }: StructuredQuestion,
  messages: readonly ChatMessage[],
  earlier: readonly ChatCost[],
): Promise<ChatResponse> {
  const { name, ...asked } = profile;
  try {
    return await model.chat({ ...asked, profile: name, messages, schema }, { signal });
  } catch (thrown) {
    if (!(thrown instanceof ChatError) || earlier.length === 0) throw thrown;
    throw thrown.with({ spent: sumCosts([...earlier, thrown.spent]) });
  }
}

function refuseUnfinished(response: ChatResponse, role: string, spent: ChatCost): void {
  if (response.finishReason === 'refusal') {
    throw new ChatError(
      'provider-refused',
      `${response.provider} would not answer ${role}: ${quote(response.text)}`,
      {
        hint: "Look at the prompt with orrery decisions show, or choose another model for the agent's profile.",
        spent,
      },
    );
  }
  if (response.finishReason === 'length') {
    throw new ChatError(
      'answer-invalid',
      `${role}'s answer was cut off at the token limit, after ${quote(response.text)}`,
      { hint: "Raise the profile's maxTokens.", spent },
    );
  }
}

/** The answer was redacted by its adapter. */
function quote(text: string): string {
  return text.trim() === '' ? 'nothing' : `"${excerpt(text)}"`;
}
