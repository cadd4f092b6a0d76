import type { LlmSettings } from './llm-settings.ts';

/** These profiles, those they share their questions with, and all that are asked when one of them fails. */
export function reachableProfiles({ profiles }: LlmSettings, names: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name) || !Object.hasOwn(profiles, name)) return;
    reached.add(name);
    const { weights = {}, fallback = [] } = profiles[name]!;
    for (const share of Object.keys(weights)) if (weights[share]! > 0) visit(share);
    for (const next of fallback) visit(next);
  };
  for (const name of names) visit(name);
  return [...reached];
}
