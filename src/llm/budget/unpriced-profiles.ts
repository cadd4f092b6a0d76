import type { LlmSettings } from '../llm-settings.ts';
import { reachableProfiles } from '../reachable-profiles.ts';

/** Those of these profiles, and of their stand-ins, that have no price while a budget in dollars is set: they count as free in it. */
export function unpricedProfiles(settings: LlmSettings, names: readonly string[]): readonly string[] {
  const { profiles } = settings;
  if (!hasDollarBudget(settings)) return [];
  return reachableProfiles(settings, names).filter((name) => profiles[name]?.usdPerMillion === undefined);
}

/** What it means that these profiles have no price. */
export function unpricedInWords(settings: LlmSettings, names: readonly string[]): string {
  const { profiles } = settings;
  const named = names.map((name) => `${name} (${profiles[name]!.provider}/${profiles[name]!.model})`);
  const budget = hasDollarBudget(settings) ? ' and no budget in dollars holds them back' : '';
  return `no price is known for ${named.join(', ')}, so calls there count as free${budget}`;
}

function hasDollarBudget({ budget = {} }: LlmSettings): boolean {
  return Object.keys(budget).some((key) => key.startsWith('usd'));
}
