import type { Price } from './budget/price.ts';
import { type KeySource, keySource } from './key-source.ts';
import type { Environment, LlmSettings, ProviderKind } from './llm-settings.ts';
import { keyVariables, needsKey } from './provider-key.ts';
import { resolveAlone, resolveProfile } from './resolve-profile.ts';
import type { StoredKeys } from './stored-keys.ts';

/** Where a configured profile leads. */
export interface ProfileDescription {
  readonly profile: string;
  readonly provider: string;
  readonly model: string;
  /** It, or another one in its place. */
  readonly usable: boolean;
  /** What its own provider lacks; null when nothing. */
  readonly reason: string | null;
  /** The profile that answers in its place, where its own provider lacks something and another does not. */
  readonly standIn: string | null;
  /** Dollars for a million tokens; null when a call counts as free. */
  readonly usdPerMillion: Price | null;
  /** Profiles asked when it fails, in their order. */
  readonly fallback: readonly string[];
  /** Profiles its questions are shared out among, as they are written; empty where it answers all of them itself. */
  readonly weights: { readonly [profile: string]: number };
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
    ([profile, { provider, model, fallback = [], weights = {}, usdPerMillion = null }]) => {
      const alone = resolveAlone(settings, profile, environment, stored);
      const resolution = resolveProfile(settings, profile, environment, stored);
      const standsIn = alone.kind === 'not-configured' && resolution.kind === 'usable';
      return {
        ...{ profile, provider, model, fallback, weights, usdPerMillion },
        usable: resolution.kind === 'usable',
        reason: alone.kind === 'usable' ? null : alone.detail,
        standIn: standsIn ? resolution.profile.name : null,
        key: keySource(provider, settings.providers[provider]!, environment, stored),
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
    const key = keySource(provider, one, environment, stored);
    return {
      ...{ provider, kind: one.kind, key },
      configured: key.source !== 'none' || !needsKey(one),
      variables: keyVariables(one),
      profiles: profiles.filter((profile) => profile.provider === provider),
    };
  });
}
