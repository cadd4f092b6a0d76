import type { JsonValue } from '../core/index.ts';
import { createRedact, redactJson } from '../llm/index.ts';

/** Takes secrets that somebody was handed out of what they say. */
export interface HideSecrets {
  inText(text: string): string;
  inJson(value: JsonValue): JsonValue;
}

/** Shorter values are ordinary words, too. */
const shortestSecret = 6;

const redacted = '[redacted]';

const hideKeys = createRedact({ providers: {}, profiles: {} }, {});

/**
 * Each secret, and each line of one that has several, as it is and as URLs and JSON write it; in texts also what looks like a key. A
 * program that wants to tell a secret will find a spelling: this is against mishaps. It takes a time in proportion to the text, as
 * nobody knows what programs print.
 */
export function hideSecrets(secrets: readonly string[]): HideSecrets {
  const spellings = spellingsOf(secrets);
  // Longest first, so that one which begins with another leaves no tail behind.
  const literals = spellings.sort((a, b) => b.length - a.length).map(asPattern);
  const pattern = literals.length === 0 ? null : new RegExp(literals.join('|'), 'g');
  const hide = (text: string) => (pattern === null ? text : text.replace(pattern, redacted));
  const isSecret = secretNumbers(spellings);
  return {
    inText: (text) => hideKeys(hide(text)),
    inJson: (value) => (pattern === null ? value : redactJson(hideNumbers(value, isSecret), hide)),
  };
}

/** Secrets of digits that a program prints as numbers, which keep neither zeros in front nor more than 17 digits. */
function secretNumbers(spellings: readonly string[]): (value: number) => boolean {
  const digits = spellings.filter((spelling) => /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(spelling));
  const numbers = new Set(digits.map(Number).filter((number) => String(number).length >= shortestSecret));
  return (value) => {
    const text = Number.isInteger(value) ? BigInt(value).toString() : String(value);
    return numbers.has(value) || digits.some((spelling) => text.includes(spelling));
  };
}

function hideNumbers(value: JsonValue, isSecret: (value: number) => boolean): JsonValue {
  if (typeof value === 'number') return isSecret(value) ? redacted : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => hideNumbers(one, isSecret));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, hideNumbers(one, isSecret)] as const),
  );
}

function spellingsOf(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) => [secret, secret.trim(), ...secret.split(/\r?\n/)]);
  const all = parts.flatMap((part) => [
    ...[part, inJsonText(part), inJsonText(inJsonText(part))],
    encodeURIComponent(Buffer.from(part).toString()),
  ]);
  return [...new Set(all)].filter((spelling) => spelling.length >= shortestSecret);
}

function inJsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
