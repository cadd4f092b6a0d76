import type { LlmSettings } from './llm-settings.ts';

/** Whom a profile is meant to ask, each as `PROVIDER/MODEL`: itself, or those it shares its questions with. Fallbacks are not. */
export function chosenModels({ profiles }: Pick<LlmSettings, 'profiles'>, name: string): readonly string[] {
  const chosen = new Set<string>();
  const seen = new Set<string>();
  const visit = (wanted: string): void => {
    const profile = Object.hasOwn(profiles, wanted) ? profiles[wanted] : undefined;
    if (profile === undefined || seen.has(wanted)) return;
    seen.add(wanted);
    const shares = Object.entries(profile.weights ?? {}).flatMap(([share, weight]) =>
      weight > 0 ? [share] : [],
    );
    if (shares.length === 0 || shares.includes(wanted)) chosen.add(`${profile.provider}/${profile.model}`);
    for (const share of shares) visit(share);
  };
  visit(Object.hasOwn(profiles, name) ? name : 'analyst');
  return [...chosen];
}
