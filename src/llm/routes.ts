import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/index.ts';
import type { ChatRequest } from './chat.ts';
import type { Environment, LlmSettings } from './llm-settings.ts';
import { resolveAlone, type UsableProfile } from './resolve-profile.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

/**
 * The profiles that may answer a request, in the order in which they are asked: of those it is shared out among one drawn by
 * weight, then the others, heaviest first; then the fallbacks and theirs. The draw depends on the request alone, so that the
 * same question takes the same way in any order and any process. Profiles that cannot be used are left out. The request's
 * own is not, unless it gives itself the weight 0 and somebody else can be asked. A profile that another one stands for was left
 * out when the run began, and stays so.
 */
export function routesOf(
  settings: LlmSettings,
  environment: Environment,
  request: ChatRequest,
  storedKeys: StoredKeys = noStoredKeys,
): readonly UsableProfile[] {
  const { profile: name, standsFor, provider, model, temperature, maxTokens } = request;
  const own: UsableProfile = { name, provider, model, temperature, maxTokens };
  const routes: UsableProfile[] = [];
  const seen = new Set<string>();
  const visit = (wanted: string): void => {
    if (seen.has(wanted)) return;
    seen.add(wanted);
    const { weights = {}, fallback = [] } = settings.profiles[wanted] ?? {};
    for (const share of byWeight(weights, request)) {
      if (share === wanted) addRoute(share);
      else visit(share);
    }
    if (!Object.hasOwn(weights, wanted)) addRoute(wanted);
    for (const next of fallback) visit(next);
  };
  const addRoute = (wanted: string): void => {
    if (wanted === standsFor) return;
    if (wanted === name) routes.push(own);
    else if (Object.hasOwn(settings.profiles, wanted)) {
      const resolution = resolveAlone(settings, wanted, environment, storedKeys);
      if (resolution.kind === 'usable') routes.push(resolution.profile);
    }
  };
  visit(standsFor ?? name);
  return routes.length === 0 ? [own] : routes;
}

/** All of them, the drawn one first. */
function byWeight(weights: { readonly [profile: string]: number }, request: ChatRequest): readonly string[] {
  const entries = Object.entries(weights).filter(([, weight]) => weight > 0);
  if (entries.length === 0) return [];
  entries.sort(([one, heavy], [other, light]) => light - heavy || (one < other ? -1 : 1));
  let left = fractionOf(request) * entries.reduce((sum, [, weight]) => sum + weight, 0);
  let drawn = entries[0]!;
  for (const entry of entries) {
    drawn = entry;
    left -= entry[1];
    if (left < 0) break;
  }
  return [drawn[0], ...entries.map(([name]) => name).filter((name) => name !== drawn[0])];
}

/** In [0, 1), evenly over requests. */
function fractionOf({ messages }: ChatRequest): number {
  const digest = createHash('sha256').update(canonicalJson(messages)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
