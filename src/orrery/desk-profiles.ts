import type { Notices } from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import { resolveProfile, type UsableProfile } from '../llm/index.ts';
import { profilesOf } from '../runs/index.ts';
import type { ModelAccess } from './model-access.ts';

type DeskProfiles = { readonly [name: string]: UsableProfile | null };

/** The profiles that a desk names, null for those that cannot be asked; what is lacking is noted, and what comes of it. */
export function resolveDeskProfiles(
  spec: DeskSpec,
  { llm, environment, storedKeys }: ModelAccess,
  notices: Notices,
): DeskProfiles {
  const resolved: { [name: string]: UsableProfile | null } = {};
  /** Profiles by what they lack: several may lack the same. */
  const lacking = new Map<string, string[]>();
  for (const name of profilesOf(spec)) {
    const resolution = resolveProfile(llm, name, environment, storedKeys);
    resolved[name] = resolution.kind === 'usable' ? resolution.profile : null;
    const detail = resolution.kind === 'usable' ? resolution.lacking : resolution.detail;
    if (detail !== undefined) lacking.set(detail, [...(lacking.get(detail) ?? []), name]);
  }
  const nothing = Object.values(resolved).every((profile) => profile === null);
  if (nothing && Object.keys(llm.profiles).length === 0) {
    notices.warn(
      'No model is configured, so agents decide by rules; every result says so. Profiles are set in orrery.yaml.',
    );
  } else {
    for (const [detail, names] of lacking)
      notices.warn(`Not configured: ${detail}. ${whatFollows(spec, names, resolved)}`);
  }
  return resolved;
}

/** Of profiles that lack the same, in words: who answers for them, or what those do who would ask them. */
function whatFollows(spec: DeskSpec, names: readonly string[], resolved: DeskProfiles): string {
  const { chief, agents } = spec;
  const isUsable = (profile: string | null) => profile !== null && (resolved[profile] ?? null) !== null;
  const lacks = (profile: string | null) => profile !== null && names.includes(profile) && !isUsable(profile);
  const standIns = names.flatMap((name) => resolved[name] ?? []);
  const hasBackup = chief.ladder.includes('backup') && isUsable(chief.backup);
  const chiefAlone = lacks(chief.profile) && !hasBackup;
  const hasRules = chief.ladder.includes('rules');
  const byRules = [
    ...agents
      .filter(({ profile, decider }) => lacks(profile) && decider.includes('llm'))
      .map(({ name }) => name),
    ...(chiefAlone && hasRules ? ['the chief'] : []),
  ];
  const sentences = [
    ...standIns.map((standIn) => `Profile ${inWords(standIn)} answers in its place.`),
    ...(byRules.length === 0
      ? []
      : [`${listed(byRules)} ${byRules.length === 1 ? 'decides' : 'decide'} by rules.`]),
    ...(chiefAlone && !hasRules ? ['The chief holds what it has.'] : []),
    ...(lacks(chief.profile) && hasBackup
      ? [`The chief asks its backup, profile ${inWords(resolved[chief.backup!]!)}.`]
      : []),
    ...(lacks(chief.backup) && !lacks(chief.profile) ? ['The chief has no backup.'] : []),
  ];
  return [...new Set(sentences)].join(' ');
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function inWords({ name, provider, model }: UsableProfile): string {
  return `${name} (${provider}/${model})`;
}
