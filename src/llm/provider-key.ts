import { OrreryError } from '../core/index.ts';
import type { Environment, ProviderSettings } from './llm-settings.ts';

/**
 * The key a provider names, or null when it names none or the variable is unset or empty.
 * @throws OrreryError `configuration-invalid` when it could not be sent in a header: `fetch` would print it in its own error.
 */
export function providerKey(settings: ProviderSettings, environment: Environment): string | null {
  if (settings.apiKeyEnv === undefined) return null;
  const key = environment[settings.apiKeyEnv]?.trim();
  if (key === undefined || key === '') return null;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new OrreryError(
      'configuration-invalid',
      `$${settings.apiKeyEnv} holds spaces, line breaks or characters outside ASCII, which no key has`,
      { hint: 'Set it to the key alone.' },
    );
  }
  return key;
}
