import {
  type Environment,
  type LlmSettings,
  resolveAlone,
  resolveProfile,
  type StoredKeys,
  unpricedInWords,
  unpricedProfiles,
} from '../llm/index.ts';

/** What decides which models can be asked here. */
export interface ModelAccess {
  readonly llm: LlmSettings;
  readonly environment: Environment;
  readonly storedKeys: StoredKeys;
}

export function isUsable({ llm, environment, storedKeys }: ModelAccess, profile: string): boolean {
  return resolveProfile(llm, profile, environment, storedKeys).kind === 'usable';
}

/** Which of these profiles a budget in dollars does not hold back, as they have no price; null when there is none. */
export function describeUnpriced(models: ModelAccess, profiles: readonly string[]): string | null {
  const { llm, environment, storedKeys } = models;
  const answers = (profile: string) => resolveAlone(llm, profile, environment, storedKeys).kind === 'usable';
  const lacking = unpricedProfiles(models.llm, profiles).filter(answers);
  return lacking.length === 0 ? null : unpricedInWords(models.llm, lacking);
}
