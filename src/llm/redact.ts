import type { Environment, LlmSettings } from './llm-settings.ts';
import { providerKey } from './provider-key.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

/** Takes secrets out of a text that is about to be shown, stored or used. */
export interface Redact {
  (text: string): string;
  /** How much of the beginning can be redacted apart from whatever follows: beyond it a secret may have begun. */
  safeLength(text: string): number;
}

/** Shorter values are placeholders such as `none`, which also occur as ordinary words in an answer. */
const shortestSecret = 6;

const deepestNesting = 200;

/** What commonly looks like a key, for keys that are not ours: a gateway may echo the one it uses itself. */
const keyShapes = /\b(?:sk-|gsk_|xai-|AIza)[A-Za-z0-9_-]{16,}|\bBearer\s+[A-Za-z0-9._~+/-]{20,}/g;

/** The beginnings of those, up to the end of a text. */
const keyBeginnings =
  /\b(?:s(?:k(?:-[A-Za-z0-9_-]*)?)?|g(?:s(?:k(?:_[A-Za-z0-9_-]*)?)?)?|x(?:a(?:i(?:-[A-Za-z0-9_-]*)?)?)?|A(?:I(?:z(?:a[A-Za-z0-9_-]*)?)?)?|B(?:e(?:a(?:r(?:e(?:r(?:\s+[A-Za-z0-9._~+/-]*)?)?)?)?)?)?)$/;

/**
 * Redacts every key the configured providers name and every stored one, also in the spelling of URLs and of JSON, and whatever is
 * shaped like one. A model's answer is decoded only after this, so an escape left in it would come out as the key in a record.
 */
export function createRedact(
  settings: LlmSettings,
  environment: Environment,
  stored: StoredKeys = noStoredKeys,
): Redact {
  // A stored key that cannot be opened is a matter for who wants to send it.
  const named = Object.entries(settings.providers).map(([name, provider]) =>
    providerKey(name, provider, environment),
  );
  const secrets = [...named, ...stored.readableKeys()].flatMap((secret) => {
    if (secret === null || secret.length < shortestSecret) return [];
    const spellings = [encodeURIComponent(secret), ...decodings(secret)];
    return spellings.filter((spelling) => spelling.length >= shortestSecret);
  });
  // Longest first, so that a key which begins with another one leaves no tail behind.
  const spellings = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  const wholes = [...spellings.map(jsonSpellings), keyShapes];
  const beginnings = [...spellings.map(jsonBeginnings), keyBeginnings];
  const redact = (text: string) => wholes.reduce((rest, whole) => rest.replace(whole, '[redacted]'), text);
  return Object.assign(redact, { safeLength: (text: string) => safeLength(text, wholes, beginnings) });
}

/** Up to where no beginning of a secret reaches the end of the text, and no whole one is cut in two. */
function safeLength(text: string, wholes: readonly RegExp[], beginnings: readonly RegExp[]): number {
  const starts = beginnings.map((beginning) => text.search(beginning)).filter((start) => start >= 0);
  let safe = Math.min(text.length, ...starts);
  for (let before = -1; before !== safe; ) {
    before = safe;
    for (const { index, 0: whole } of wholes.flatMap((pattern) => [...text.matchAll(pattern)])) {
      if (index < safe && index + whole.length > safe) safe = index;
    }
  }
  return safe;
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
  return new RegExp(partsOf(secret).map(jsonSpelling).join(''), 'g');
}

function partsOf(secret: string): readonly string[] {
  return secret.match(/\\+|[^\\]/g) ?? [];
}

/**
 * The end of a text, when all of it is a beginning of the secret: some of its parts, and perhaps half an escape. The engine nests only
 * so deep; what has begun like a longer secret is taken for it to the end.
 */
function jsonBeginnings(secret: string): RegExp {
  const halfEscape = String.raw`(?:\\|u005[cC]){0,64}(?:u[0-9a-fA-F]{0,3})?$`;
  const parts = partsOf(secret);
  const nested = parts.slice(0, deepestNesting);
  const rest = parts.length > deepestNesting ? '[^]*$' : halfEscape;
  return new RegExp(
    nested.reduceRight((after, part) => `(?:${halfEscape}|${jsonSpelling(part)}${after})`, rest),
  );
}

function jsonSpelling(part: string): string {
  if (part.startsWith('\\')) return String.raw`(?:\\|u005[cC]){1,64}`;
  const hex = part.charCodeAt(0).toString(16).padStart(4, '0');
  const anyCase = hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  return String.raw`(?:\\{0,8}\u${hex}|\\{1,8}u${anyCase})`;
}
