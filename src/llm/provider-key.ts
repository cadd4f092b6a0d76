import { type ErrorCode, OrreryError } from '../core/index.ts';
import type { Environment, ProviderKind, ProviderSettings } from './llm-settings.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

/** Where a kind's own libraries look, for a provider that names no variable. */
const customaryVariables: { readonly [Kind in ProviderKind]?: readonly string[] } = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  google: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
};

/** The variables that may hold a provider's key, the first that is set counting. */
export function keyVariables({ apiKeyEnv, kind }: ProviderSettings): readonly string[] {
  return apiKeyEnv === undefined ? (customaryVariables[kind] ?? []) : [apiKeyEnv];
}

/** The variable that holds a provider's key, or null when none is set and not empty. */
export function keyVariable(settings: ProviderSettings, environment: Environment): string | null {
  return keyVariables(settings).find((variable) => environment[variable]?.trim()) ?? null;
}

/** Whether asking without a key is pointless: it names one, or leads to the service itself. */
export function needsKey(settings: ProviderSettings): boolean {
  return (
    settings.apiKeyEnv !== undefined || (settings.baseUrl === undefined && keyVariables(settings).length > 0)
  );
}

/**
 * The key of the provider of that name: from the environment, else the stored one, else null.
 * @throws OrreryError `configuration-invalid` when it could not be sent in a header: `fetch` would print it in its own error; and
 * what opening a stored key throws
 */
export function providerKey(
  name: string,
  settings: ProviderSettings,
  environment: Environment,
  stored: StoredKeys = noStoredKeys,
): string | null {
  const variable = keyVariable(settings, environment);
  if (variable === null) return stored.keyOf(name);
  return checkKey(environment[variable]?.trim() ?? '', `$${variable}`, 'configuration-invalid');
}

/** The key itself if a header can carry it. @throws OrreryError that says what is wrong with `holder`, and not what it holds */
export function checkKey(key: string, holder: string, code: ErrorCode): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new OrreryError(
    code,
    `${holder} holds spaces, line breaks or characters outside ASCII, which no key has`,
    { hint: 'Give the key alone.' },
  );
}
