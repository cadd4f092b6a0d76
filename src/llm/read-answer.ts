import type { JsonValue } from '../core/index.ts';
import type { AnswerSchema } from './chat.ts';
import { validateJson } from './validate-json.ts';

export type Reading =
  | { readonly kind: 'fits'; readonly value: JsonValue }
  | { readonly kind: 'unfit'; readonly problems: readonly string[] };

/** What an answer says, where it fits its schema. @throws OrreryError `prompt-invalid` for a schema that cannot be checked */
export function readAnswer({ schema }: AnswerSchema, text: string): Reading {
  let value: JsonValue;
  try {
    value = JSON.parse(withoutFence(text));
  } catch {
    // Not the parser's own words: they differ between Node versions, and they would become part of the next request's key.
    return { kind: 'unfit', problems: ['the answer is not one JSON value'] };
  }
  const problems = validateJson(schema, value);
  return problems.length === 0 ? { kind: 'fits', value } : { kind: 'unfit', problems };
}

/** Models fence JSON out of habit. Only a fence around the whole answer goes; JSON is never searched for in prose. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s([\s\S]*)```$/i.exec(text.trim())?.[1] ?? text;
}
