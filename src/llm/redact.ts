import type { Environment, LlmSettings } from './llm-settings.ts';
import { providerKey } from './provider-key.ts';

/** Takes secrets out of a text that is about to be shown, stored or used. */
export type Redact = (text: string) => string;

/** Shorter values are placeholders such as `none`, which also occur as ordinary words in an answer. */
const shortestSecret = 6;

/** What commonly looks like a key, for keys that are not ours: a gateway may echo the one it uses itself. */
const keyShapes = /\b(?:sk-|gsk_|xai-|AIza)[A-Za-z0-9_-]{16,}|\bBearer\s+[A-Za-z0-9._~+/-]{20,}/g;

/** Redacts every key the configured providers name, also in the spelling of JSON and of URLs, and whatever is shaped like one. */
export function createRedact(settings: LlmSettings, environment: Environment): Redact {
  const secrets = Object.values(settings.providers).flatMap((provider) => {
    const secret = providerKey(provider, environment);
    if (secret === null || secret.length < shortestSecret) return [];
    return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  });
  // Longest first, so that a key which begins with another one leaves no tail behind.
  const spellings = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) =>
    spellings
      .reduce((rest, spelling) => rest.replaceAll(spelling, '[redacted]'), text)
      .replace(keyShapes, '[redacted]');
}
