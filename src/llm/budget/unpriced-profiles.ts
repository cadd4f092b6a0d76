import type { LlmSettings } from '../llm-settings.ts';
import { reachableProfiles } from '../reachable-profiles.ts';

/** Those of these profiles, and of their stand-ins, that have no price while a budget in dollars is set: they count as free in it. */
export function unpricedProfiles(settings: LlmSettings, names: readonly string[]): readonly string[] {
  const { profiles, budget = {} } = settings;
  if (!Object.keys(budget).some((key) => key.startsWith('usd'))) return [];
  return reachableProfiles(settings, names).filter((name) => profiles[name]?.usdPerMillion === undefined);
}

export function unpricedInWords({ profiles }: LlmSettings, names: readonly string[]): string {
  const named = names.map((name) => `${name} (${profiles[name]!.provider}/${profiles[name]!.model})`);
  return `no price is known for ${named.join(', ')}, so calls there count as free and no budget in dollars holds them back`;
}
