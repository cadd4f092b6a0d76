import type { Environment, LlmSettings } from './llm-settings.ts';
import { providerKey } from './provider-key.ts';
import { prepareSearch, type RedactedText, SecretReading } from './secret-search.ts';
import { secretSpellings } from './secret-spellings.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

/** Takes secrets out of a text that is about to be shown, stored or used. */
export interface Redact {
  (text: string): string;
  /** For a text that comes in pieces. What is never ended is a text that was cut off: its last characters may be half a secret. */
  begin(): RedactedText;
}

/**
 * Redacts every key the configured providers name and every stored one, however it is spelt: escaped as in URLs and JSON, as often as
 * may be, in base64 or hexadecimal; and whatever is shaped like one. A model's answer is decoded only after this, so an escape left in
 * it would come out as the key in a record. It takes time in proportion to the text's length, whatever the text.
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
  const secrets = [...named, ...stored.readableKeys()].filter((secret) => secret !== null);
  const search = prepareSearch([...new Set(secrets.flatMap(secretSpellings))]);
  const begin = () => new SecretReading(search);
  const redact = (text: string) => {
    const reading = begin();
    return reading.push(text) + reading.end();
  };
  return Object.assign(redact, { begin });
}
