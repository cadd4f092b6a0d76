import type { Price } from './budget/price.ts';
import type { Environment, LlmSettings, ProviderKind } from './llm-settings.ts';
import { keyVariable, keyVariables, needsKey } from './provider-key.ts';
import { resolveProfile } from './resolve-profile.ts';
import type { StoredKeys } from './stored-keys.ts';

/** Where a provider's key comes from; never any part of it. */
export interface KeySource {
  readonly source: 'environment' | 'store' | 'none';
  /** The variable that holds it. */
  readonly variable: string | null;
}

/** Where a configured profile leads. */
export interface ProfileDescription {
  readonly profile: string;
  readonly provider: string;
  readonly model: string;
  readonly usable: boolean;
  /** What is lacking; null when it is usable. */
  readonly reason: string | null;
  /** Dollars for a million tokens; null when a call counts as free. */
  readonly usdPerMillion: Price | null;
  /** Profiles asked when it fails, in their order. */
  readonly fallback: readonly string[];
  readonly key: KeySource;
}

/** A provider as configured. */
export interface ProviderDescription {
  readonly provider: string;
  readonly kind: ProviderKind;
  /** It has the key it needs, or needs none. */
  readonly configured: boolean;
  readonly key: KeySource;
  /** Variables that its key is looked for in. */
  readonly variables: readonly string[];
  readonly profiles: readonly ProfileDescription[];
}

/** @throws OrreryError what {@link resolveProfile} throws, and what opening a stored key does */
export function describeProfiles(
  settings: LlmSettings,
  environment: Environment,
  stored: StoredKeys,
): readonly ProfileDescription[] {
  return Object.entries(settings.profiles).map(
    ([profile, { provider, model, fallback = [], usdPerMillion = null }]) => {
      const resolution = resolveProfile(settings, profile, environment, stored);
      return {
        ...{ profile, provider, model, fallback, usdPerMillion },
        usable: resolution.kind === 'usable',
        reason: resolution.kind === 'usable' ? null : resolution.detail,
        key: keySource(settings, provider, environment, stored),
      };
    },
  );
}

/** @throws OrreryError as {@link describeProfiles} does */
export function describeProviders(
  settings: LlmSettings,
  environment: Environment,
  stored: StoredKeys,
): readonly ProviderDescription[] {
  const profiles = describeProfiles(settings, environment, stored);
  return Object.entries(settings.providers).map(([provider, one]) => {
    const key = keySource(settings, provider, environment, stored);
    return {
      ...{ provider, kind: one.kind, key },
      configured: key.source !== 'none' || !needsKey(one),
      variables: keyVariables(one),
      profiles: profiles.filter((profile) => profile.provider === provider),
    };
  });
}

function keySource(
  { providers }: LlmSettings,
  provider: string,
  environment: Environment,
  stored: StoredKeys,
): KeySource {
  const variable = keyVariable(providers[provider]!, environment);
  if (variable !== null) return { source: 'environment', variable };
  return { source: stored.keyOf(provider) === null ? 'none' : 'store', variable: null };
}
