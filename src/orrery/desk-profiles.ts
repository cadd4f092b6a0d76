import type { Notices } from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import { resolveProfile, type UsableProfile } from '../llm/index.ts';
import { profilesOf } from '../runs/index.ts';
import type { ModelAccess } from './model-access.ts';

/** The profiles that a desk names, null for those that cannot be asked; what is lacking is noted. */
export function resolveDeskProfiles(
  spec: DeskSpec,
  { llm, environment, storedKeys }: ModelAccess,
  notices: Notices,
): { readonly [name: string]: UsableProfile | null } {
  const resolved: { [name: string]: UsableProfile | null } = {};
  const lacking = new Set<string>();
  for (const name of profilesOf(spec)) {
    const resolution = resolveProfile(llm, name, environment, storedKeys);
    resolved[name] = resolution.kind === 'usable' ? resolution.profile : null;
    if (resolution.kind === 'not-configured') lacking.add(resolution.detail);
  }
  const nothing = Object.values(resolved).every((profile) => profile === null);
  if (nothing && Object.keys(llm.profiles).length === 0) {
    notices.warn(
      'No model is configured, so agents decide by rules; every result says so. Profiles are set in orrery.yaml.',
    );
  } else {
    for (const detail of lacking)
      notices.warn(`Not configured: ${detail}. Agents of that profile decide by rules.`);
  }
  return resolved;
}
