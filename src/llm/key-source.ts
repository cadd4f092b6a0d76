import type { Environment, ProviderSettings } from './llm-settings.ts';
import { keyVariable, keyVariables } from './provider-key.ts';
import type { StoredKeys } from './stored-keys.ts';

/** Where a provider's key comes from; never any part of it. */
export interface KeySource {
  readonly source: 'environment' | 'store' | 'none';
  /** The variable that holds it. */
  readonly variable: string | null;
}

/** @throws OrreryError what opening a stored key does */
export function keySource(
  name: string,
  settings: ProviderSettings,
  environment: Environment,
  stored: StoredKeys,
): KeySource {
  const variable = keyVariable(settings, environment);
  if (variable !== null) return { source: 'environment', variable };
  return { source: stored.keyOf(name) === null ? 'none' : 'store', variable: null };
}

/** What to do when the provider of that name turns its key away. */
export function keyHint(name: string, settings: ProviderSettings, { source, variable }: KeySource): string {
  if (variable !== null) return `The key of ${name} is that of $${variable}: check it there.`;
  if (source === 'store') {
    return `The key of ${name} is the stored one, see orrery auth list; replace it with: orrery auth set ${name}`;
  }
  const [usual] = keyVariables(settings);
  const place = usual === undefined ? `a variable that llm.providers.${name}.apiKeyEnv names` : `$${usual}`;
  return `${name} was asked without a key: put one into ${place}, or store it with: orrery auth set ${name}`;
}
