import type { LlmSettings } from './llm-settings.ts';
import { isAvailable } from './provider-endpoint.ts';

/** What the configuration asks for and this version does not do, each to be reported once as `X: not available in this version`. */
export function unavailableFeatures(settings: LlmSettings): readonly string[] {
  const features: string[] = [];
  for (const [name, provider] of Object.entries(settings.providers)) {
    const path = `llm.providers.${name}`;
    if (!isAvailable(provider.kind)) features.push(`${path}.kind ${provider.kind}`);
    if (provider.requestsPerMinute !== undefined) features.push(`${path}.requestsPerMinute`);
    if (provider.tokensPerMinute !== undefined) features.push(`${path}.tokensPerMinute`);
  }
  for (const [name, profile] of Object.entries(settings.profiles)) {
    const path = `llm.profiles.${name}`;
    if (profile.fallback !== undefined) features.push(`${path}.fallback`);
    if (profile.knowledgeCutoff !== undefined) features.push(`${path}.knowledgeCutoff`);
  }
  if (settings.budget !== undefined) features.push('llm.budget');
  return features;
}
