import type { Environment, LlmSettings } from './llm-settings.ts';
import { providerKey } from './provider-key.ts';

/** Takes secrets out of a text that is about to be shown, stored or used. */
export type Redact = (text: string) => string;

/** Shorter values are placeholders such as `none`, which also occur as ordinary words in an answer. */
const shortestSecret = 6;

/** What commonly looks like a key, for keys that are not ours: a gateway may echo the one it uses itself. */
const keyShapes = /\b(?:sk-|gsk_|xai-|AIza)[A-Za-z0-9_-]{16,}|\bBearer\s+[A-Za-z0-9._~+/-]{20,}/g;

/**
 * Redacts every key the configured providers name, also in the spelling of URLs and of JSON, and whatever is shaped like one. A model's
 * answer is decoded only after this, so an escape left in it would come out as the key in a record.
 */
export function createRedact(settings: LlmSettings, environment: Environment): Redact {
  const secrets = Object.values(settings.providers).flatMap((provider) => {
    const secret = providerKey(provider, environment);
    if (secret === null || secret.length < shortestSecret) return [];
    const spellings = [encodeURIComponent(secret), ...decodings(secret)];
    return spellings.filter((spelling) => spelling.length >= shortestSecret);
  });
  // Longest first, so that a key which begins with another one leaves no tail behind.
  const patterns = [...new Set(secrets)].sort((a, b) => b.length - a.length).map(jsonSpellings);
  return (text) =>
    patterns
      .reduce((rest, pattern) => rest.replace(pattern, '[redacted]'), text)
      .replace(keyShapes, '[redacted]');
}

/** The secret, and what is left of it once it was pasted into JSON as it stands and read from there, however often. */
function decodings(secret: string): readonly string[] {
  const decoded = decodedAsJson(secret);
  return decoded === null || decoded === secret ? [secret] : [secret, ...decodings(decoded)];
}

function decodedAsJson(secret: string): string | null {
  try {
    const decoded: string = JSON.parse(`"${secret}"`);
    return decoded;
  } catch {
    return null;
  }
}

/**
 * Each character as it is or as an escape, which JSON within JSON precedes by more backslashes. Their number is bounded and a run of
 * them is one, since a hostile text of nothing else must not take long to search.
 */
function jsonSpellings(secret: string): RegExp {
  const parts = secret.match(/\\+|[^\\]/g) ?? [];
  return new RegExp(parts.map(jsonSpelling).join(''), 'g');
}

function jsonSpelling(part: string): string {
  if (part.startsWith('\\')) return String.raw`(?:\\|u005[cC]){1,64}`;
  const hex = part.charCodeAt(0).toString(16).padStart(4, '0');
  const anyCase = hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  return String.raw`(?:\\{0,8}\u${hex}|\\{1,8}u${anyCase})`;
}
