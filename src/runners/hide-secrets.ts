import type { JsonValue } from '../core/index.ts';
import { createRedact, redactJson } from '../llm/index.ts';

/** Takes secrets that somebody was handed out of what they say. */
export interface HideSecrets {
  inText(text: string): string;
  inJson(value: JsonValue): JsonValue;
}

/** Shorter values are ordinary words, too. */
const shortestSecret = 6;

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
  const hide = (text: string) => (pattern === null ? text : text.replace(pattern, '[redacted]'));
  return {
    inText: (text) => hideKeys(hide(text)),
    inJson: (value) => (pattern === null ? value : redactJson(value, hide)),
  };
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
