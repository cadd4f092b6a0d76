import type { JsonValue } from '../../core/index.ts';
import type { Redact } from '../redact.ts';
import { parseJson } from './parse-json.ts';

/** So many characters of a key tell nothing of the rest. */
const harmless = 6;

/**
 * What of an event stream may be kept: its whole lines; or, where a secret goes across its events or has begun in the last of them,
 * what its events add up to, field by field.
 */
export function streamRecord(redact: Redact, body: string): string {
  const lines = body.slice(0, body.lastIndexOf('\n') + 1);
  const fields = [...addUp(lines)].map(([path, text]) => ({ path, text, kept: redact.begin().push(text) }));
  const isClean = fields.every(
    ({ text, kept }) => text.startsWith(kept) && text.length - kept.length < harmless,
  );
  if (isClean) return redact.begin().push(lines);
  return fields.map(({ path, kept }) => `${path}: ${kept}\n`).join('');
}

/** The strings of all events that stand in the same place, joined. */
function addUp(lines: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [, data = ''] of lines.matchAll(/^data:[ \t]*(.*)$/gm))
    addStrings(texts, 'data', parseJson(data) ?? data);
  return texts;
}

function addStrings(texts: Map<string, string>, path: string, value: JsonValue): void {
  if (typeof value === 'string') texts.set(path, (texts.get(path) ?? '') + value);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) addStrings(texts, `${path}.${name}`, one);
  }
}
