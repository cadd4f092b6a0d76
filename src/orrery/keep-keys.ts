import type { CredentialStore } from '../credentials/index.ts';
import { checkKey, type Environment, keyVariable, type LlmSettings } from '../llm/index.ts';

/** Where the key of a provider comes from; never any part of it. */
export interface KeyOrigin {
  readonly provider: string;
  /** What is set in the environment comes before what is stored. */
  readonly source: 'environment' | 'store';
  /** The variable that holds it; null when it is stored. */
  readonly variable: string | null;
  /** When a key was stored, ISO 8601; null when none is. */
  readonly since: string | null;
}

export interface ProviderKeys {
  /** Providers that have a key, by name. @throws OrreryError `credentials-exposed`, `credentials-damaged` */
  listKeys(): readonly KeyOrigin[];
  /**
   * Keeps a provider's key, sealed, in place of one kept before.
   * @returns where it comes from now, which may still be the environment
   * @throws OrreryError `usage-invalid` for what cannot be a key or a name, `credentials-…`, `home-locked`, `database-failed`
   */
  storeKey(provider: string, key: string): Promise<KeyOrigin>;
  /** @throws OrreryError `credentials-not-found`, and what {@link storeKey} throws */
  removeKey(provider: string): Promise<void>;
}

interface ProviderKeyPorts {
  readonly credentials: Pick<CredentialStore, 'list' | 'set' | 'remove'>;
  readonly providers: LlmSettings['providers'];
  readonly environment: Environment;
}

export function keepKeys({ credentials, providers, environment }: ProviderKeyPorts): ProviderKeys {
  const originOf = (provider: string, since: string | null): KeyOrigin => {
    const settings = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
    const variable = settings === undefined ? null : keyVariable(settings, environment);
    return { provider, source: variable === null ? 'store' : 'environment', variable, since };
  };
  return {
    listKeys() {
      const stored = new Map(credentials.list().map(({ provider, since }) => [provider, since]));
      const names = new Set([...Object.keys(providers), ...stored.keys()]);
      const origins = [...names].sort().map((name) => originOf(name, stored.get(name) ?? null));
      return origins.filter(({ variable, since }) => variable !== null || since !== null);
    },
    async storeKey(provider, key) {
      checkKey(key, 'what was given', 'usage-invalid');
      const { since } = await credentials.set(provider, key);
      return originOf(provider, since);
    },
    removeKey: (provider) => credentials.remove(provider),
  };
}
