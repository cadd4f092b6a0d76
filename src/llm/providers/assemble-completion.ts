import { z } from 'zod';
import {
  argumentsOf,
  type Completion,
  messageShape,
  modelShape,
  textOf,
  usageShape,
} from './openai-completion.ts';

const chunkShape = z.object({
  model: modelShape.catch(null),
  choices: z
    .array(
      z.object({
        index: z.number().nullish().catch(null),
        delta: messageShape.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: usageShape,
});

type Delta = NonNullable<z.infer<typeof messageShape>>;
type CallPiece = NonNullable<Delta['tool_calls']>[number];

/** The chunks of a stream, put together to what the answer would have been in one. */
export interface CompletionAssembly {
  /** Gives the piece of text in it; null when it is no chunk. */
  add(json: unknown): string | null;
  /** Null until the model said why it finished. */
  whole(): Completion | null;
  /** As far as it has come. */
  usage(): Completion['usage'];
}

interface PartialCall {
  readonly index: number | null;
  id: string;
  name: string;
  input: string;
}

export function assembleCompletion(): CompletionAssembly {
  const calls: PartialCall[] = [];
  let content = '';
  let refusal = '';
  let finish: string | null = null;
  let model: string | null = null;
  let usage: Completion['usage'] = null;
  return {
    add(json) {
      const chunk = chunkShape.safeParse(json).data;
      if (chunk === undefined) return null;
      model ??= chunk.model ?? null;
      usage = chunk.usage ?? usage;
      // One answer is asked for; what else a server may send belongs to another.
      const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
      finish = choice?.finish_reason ?? finish;
      for (const piece of choice?.delta?.tool_calls ?? []) addCallPiece(calls, piece);
      const text = textOf(choice?.delta?.content);
      content += text;
      refusal += choice?.delta?.refusal ?? '';
      return text + (choice?.delta?.refusal ?? '');
    },
    usage: () => usage,
    whole() {
      if (finish === null) return null;
      const tool_calls = calls.map(({ id, name, input }) => ({ id, function: { name, arguments: input } }));
      return {
        model,
        choices: [{ message: { content, refusal, tool_calls }, finish_reason: finish }],
        usage,
      };
    },
  };
}

/** Pieces of one call share its index. Where there is none, an id begins a call, and so does another id at the same index. */
function addCallPiece(calls: PartialCall[], piece: CallPiece): void {
  const index = piece.index ?? null;
  const begun = calls.findLast((call) => index === null || call.index === index);
  const id = piece.id ?? '';
  if (begun !== undefined && (id === '' || begun.id === '' || id === begun.id)) {
    begun.id ||= id;
    begun.name ||= piece.function?.name ?? '';
    begun.input += argumentsOf(piece);
    return;
  }
  calls.push({ index, id, name: piece.function?.name ?? '', input: argumentsOf(piece) });
}
