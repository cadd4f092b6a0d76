import { type Asking, askOnce, quote } from './ask-once.ts';
import type { AnswerSchema, ChatCost, ChatMessage, ChatResponse } from './chat.ts';
import { sumCosts } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { readAnswer } from './read-answer.ts';

/** Who asks is the schema's name. */
export interface StructuredQuestion extends Omit<Asking, 'role' | 'onText'> {
  readonly messages: readonly ChatMessage[];
  readonly schema: AnswerSchema;
  /** The words of the repair turn, given what did not fit, one to a line. A prompt, so it comes from a prompt file. */
  readonly repairMessage: (problems: string) => string;
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
    const response = await askOnce({ ...question, role: schema.name }, messages, responses);
    responses.push(response);
    const spent = sumCosts(responses);
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
