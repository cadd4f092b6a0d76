import type { JsonValue } from '../core/index.ts';

/** The value with every string in it redacted, names of fields too. Of names that become the same the later ones are numbered. */
export function redactJson(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => redactJson(one, redact));
  const fields = new Map<string, JsonValue>();
  for (const [name, one] of Object.entries(value)) {
    fields.set(freeName(redact(name), fields), redactJson(one, redact));
  }
  return Object.fromEntries(fields);
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
  return free;
}
