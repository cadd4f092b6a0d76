import { OrreryError } from '../core/index.ts';
import type { Environment, LlmSettings } from './llm-settings.ts';
import { checkProvider } from './provider-endpoint.ts';
import { keyVariables, needsKey, providerKey } from './provider-key.ts';
import { reachableProfiles } from './reachable-profiles.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

/** A profile that can be asked: plain data without a secret, fit to be stored with a run. */
export interface UsableProfile {
  /** The profile that answers; `analyst` where the one asked for is not given. */
  readonly name: string;
  /** The profile it answers for, whose own provider is not configured; left out where it answers for itself. */
  readonly standsFor?: string | undefined;
  readonly provider: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
}

export type ProfileResolution =
  /** `lacking` says what the profile's own provider lacks where another profile stands in; else it is left out. */
  | { readonly kind: 'usable'; readonly profile: UsableProfile; readonly lacking?: string }
  /** `detail` says what is lacking, for one warning. */
  | { readonly kind: 'not-configured'; readonly detail: string };

/**
 * Which model answers for a profile. One that is not given falls to `analyst`; a provider is usable when
 * the key it names, or its kind needs, is set and not empty, or stored. Where it is not, the first usable one of those the
 * profile shares its questions with or falls back on stands in.
 *
 * Resolve once per run and keep the result with it: a replay must take the same way on a machine that has no key.
 * @throws OrreryError `configuration-invalid` when the profile names an unknown provider or the provider's base URL cannot be used.
 */
export function resolveProfile(
  settings: LlmSettings,
  name: string,
  environment: Environment,
  stored: StoredKeys = noStoredKeys,
): ProfileResolution {
  const own = resolveAlone(settings, name, environment, stored);
  if (own.kind === 'usable') return own;
  const standsFor = Object.hasOwn(settings.profiles, name) ? name : 'analyst';
  for (const other of reachableProfiles(settings, [standsFor])) {
    const resolution = resolveAlone(settings, other, environment, stored);
    if (resolution.kind === 'not-configured') continue;
    return { kind: 'usable', profile: { ...resolution.profile, standsFor }, lacking: own.detail };
  }
  return own;
}

/**
 * The same of the profile's own provider, whoever might stand in.
 * @throws OrreryError as {@link resolveProfile} does
 */
export function resolveAlone(
  settings: LlmSettings,
  name: string,
  environment: Environment,
  stored: StoredKeys = noStoredKeys,
): ProfileResolution {
  const given = [name, 'analyst'].find((candidate) => Object.hasOwn(settings.profiles, candidate));
  const profile = given === undefined ? undefined : settings.profiles[given];
  if (given === undefined || profile === undefined) {
    const also = name === 'analyst' ? '' : ' and no profile "analyst"';
    return { kind: 'not-configured', detail: `no profile "${name}"${also}` };
  }
  const provider = Object.hasOwn(settings.providers, profile.provider)
    ? settings.providers[profile.provider]
    : undefined;
  if (provider === undefined) {
    throw new OrreryError(
      'configuration-invalid',
      `llm.profiles.${given}.provider names "${profile.provider}", which is not under llm.providers`,
      { hint: `Known providers: ${Object.keys(settings.providers).join(', ') || 'none'}.` },
    );
  }
  checkProvider(profile.provider, provider);
  const key = providerKey(profile.provider, provider, environment, stored);
  if (key === null && needsKey(provider)) {
    const variables = keyVariables(provider).map((variable) => `$${variable}`);
    const detail = `${variables.join(' or ')}, the key of provider "${profile.provider}" of profile "${given}", is not set, and none is stored`;
    return { kind: 'not-configured', detail };
  }
  return {
    kind: 'usable',
    profile: {
      name: given,
      provider: profile.provider,
      model: profile.model,
      temperature: profile.temperature ?? null,
      maxTokens: profile.maxTokens ?? null,
    },
  };
}
