import type { LlmSettings, PriceTable, ProfileSettings } from '../llm/index.ts';

/**
 * The settings with what the price table knows of each profile's model: its price and its knowledge cut-off, where the profile
 * does not state its own. Done once, so that whoever keeps the settings keeps the prices.
 */
export function pricedProfiles(llm: LlmSettings, readTable: () => PriceTable): LlmSettings {
  const profiles = Object.entries(llm.profiles);
  if (profiles.every(([, profile]) => statesAll(profile))) return llm;
  const table = readTable();
  const priced = profiles.map(([name, profile]) => {
    const kind = llm.providers[profile.provider]?.kind;
    const entry = kind === undefined ? null : table.find(kind, profile.model);
    if (entry === null) return [name, profile] as const;
    const { input, output, cachedInput, cacheWrite, knowledgeCutoff } = entry;
    const price = { input, output, ...defined({ cachedInput, cacheWrite }) };
    return [name, { usdPerMillion: price, ...defined({ knowledgeCutoff }), ...profile }] as const;
  });
  return { ...llm, profiles: Object.fromEntries(priced) };
}

function statesAll({ usdPerMillion, knowledgeCutoff }: ProfileSettings): boolean {
  return usdPerMillion !== undefined && knowledgeCutoff !== undefined;
}

function defined<Value>(values: { readonly [key: string]: Value | undefined }) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
