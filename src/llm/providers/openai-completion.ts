import { z } from 'zod';
import type { FinishReason } from '../chat.ts';
import type { ReadAnswer, WrittenToolCall } from './chat-answer.ts';

const part = z.object({ type: z.string(), text: z.string().optional() });

/** A message, or a piece of one. */
export const messageShape = z.object({
  // Mistral's reasoning models send parts; those of type `thinking` carry no text of the answer.
  content: z.union([z.string(), z.array(part)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        index: z.number().nullish(),
        id: z.string().nullish(),
        function: z
          .object({
            name: z.string().nullish(),
            // Some servers do not bother to write it as text.
            arguments: z.union([z.string(), z.record(z.string(), z.json())]).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

export type WrittenMessage = z.infer<typeof messageShape>;

const tokens = z.number().int().nonnegative();
const someTokens = tokens.nullish().catch(null);

/** Nothing where it is not as expected: an answer without figures is still an answer. */
export const usageShape = z
  .object({
    prompt_tokens: tokens,
    completion_tokens: tokens,
    prompt_tokens_details: z
      .object({ cached_tokens: someTokens, cache_write_tokens: someTokens })
      .nullish()
      .catch(null),
    /** DeepSeek's own. */
    prompt_cache_hit_tokens: someTokens,
  })
  .nullish()
  .catch(null);

export const modelShape = z.string().min(1).nullish();

const completionShape = z.object({
  model: modelShape,
  choices: z.array(z.object({ message: messageShape, finish_reason: z.string().nullish() })).min(1),
  usage: usageShape,
});

export type Completion = z.infer<typeof completionShape>;

/** Null when it is none. */
export function parseCompletion(json: unknown): Completion | null {
  return completionShape.safeParse(json).data ?? null;
}

export function readCompletion({ choices, model, usage }: Completion): ReadAnswer {
  const { message, finish_reason } = choices[0]!;
  return {
    text: message.refusal || textOf(message.content),
    toolCalls: (message.tool_calls ?? []).map(writtenToolCall),
    finishReason: message.refusal ? 'refusal' : finishReasonOf(finish_reason ?? ''),
    answeredBy: model ?? null,
    usage: usageIn(usage),
  };
}

/** As it stands in a body or a piece of one, of whatever shape that is otherwise. */
export function usageIn(written: unknown): ReadAnswer['usage'] {
  const usage = usageShape.parse(written);
  return {
    promptTokens: usage?.prompt_tokens ?? 0,
    responseTokens: usage?.completion_tokens ?? 0,
    cachedPromptTokens: usage?.prompt_tokens_details?.cached_tokens ?? usage?.prompt_cache_hit_tokens ?? 0,
    cacheWriteTokens: usage?.prompt_tokens_details?.cache_write_tokens ?? 0,
  };
}

export function textOf(content: WrittenMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join('');
}

export function argumentsOf(call: NonNullable<WrittenMessage['tool_calls']>[number]): string {
  const written = call.function?.arguments ?? '';
  return typeof written === 'string' ? written : JSON.stringify(written);
}

function writtenToolCall(
  call: NonNullable<WrittenMessage['tool_calls']>[number],
  position: number,
): WrittenToolCall {
  return { id: call.id || `call-${position + 1}`, name: call.function?.name ?? '', input: argumentsOf(call) };
}

function finishReasonOf(written: string): FinishReason {
  if (written === 'stop' || written === 'length') return written;
  if (written === 'tool_calls' || written === 'function_call') return 'tools';
  return written === 'content_filter' ? 'refusal' : 'other';
}
