import { z } from 'zod';
import type { JsonValue } from '../../core/index.ts';
import type { JsonSchema } from '../../llm/index.ts';

/** A message's content as OpenAI and Anthropic write it: a text, or parts of which some are text. */
export const content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

export function textOf(written: z.infer<typeof content> | null | undefined): string {
  if (typeof written === 'string') return written;
  return (written ?? []).map(({ text }) => text ?? '').join('');
}

/** A schema as it came; what it says is the brain's business. */
export const jsonSchema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null);

export const jsonObject = z.custom<{ readonly [key: string]: JsonValue }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** @throws Error naming what is wrong first, and where */
export function readBody<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
}
