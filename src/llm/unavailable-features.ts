import type { LlmSettings } from './llm-settings.ts';

/** What the configuration asks for and this version does not do, each to be reported once as `X: not available in this version`. */
export function unavailableFeatures(settings: LlmSettings): readonly string[] {
  const features: string[] = [];
  for (const [name, profile] of Object.entries(settings.profiles)) {
    const path = `llm.profiles.${name}`;
    if (profile.knowledgeCutoff !== undefined) features.push(`${path}.knowledgeCutoff`);
  }
  return features;
}
