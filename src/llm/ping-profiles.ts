import { nearestWord, OrreryError } from '../core/index.ts';
import type { ChatCost } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { createGateway, type Gateway, type GatewayOptions } from './create-gateway.ts';
import type { LlmSettings } from './llm-settings.ts';
import { resolveAlone, type UsableProfile } from './resolve-profile.ts';

/** Whoever waits for a ping wants to know soon. */
const longestMs = 10_000;
/** The fewest that every provider accepts. */
const maxTokens = 16;

/** How a profile answered, or why it did not. */
export interface Ping {
  readonly profile: string;
  /** Null where the profile cannot be used. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly ok: boolean;
  /** The model by the provider's own account. */
  readonly answeredBy: string | null;
  readonly latencyMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly error: Pick<OrreryError, 'code' | 'message' | 'hint' | 'retryable'> | null;
}

export interface PingOptions
  extends Pick<GatewayOptions, 'settings' | 'environment' | 'storedKeys' | 'budgets' | 'observers'> {
  /** None for every profile. */
  readonly profiles: readonly string[];
  readonly question: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks each profile one small question, once and within the budgets; nobody else answers for it. One that is not configured is
 * listed with that as its error.
 * @throws OrreryError `usage-invalid` for a profile that is not configured
 */
export async function pingProfiles(options: PingOptions): Promise<readonly Ping[]> {
  const { settings, environment, storedKeys } = options;
  const resolved = chosen(settings, options.profiles).map((name) => ({
    name,
    resolution: resolveAlone(settings, name, environment, storedKeys),
  }));
  const { budgets, observers } = options;
  const gateway = createGateway({
    ...{ settings: eachForItself(settings), environment, recording: { kind: 'off' } },
    ...(storedKeys === undefined ? {} : { storedKeys }),
    ...(budgets === undefined ? {} : { budgets }),
    ...(observers === undefined ? {} : { observers }),
  });
  try {
    return await Promise.all(
      resolved.map(({ name, resolution }) =>
        resolution.kind === 'usable'
          ? ping(gateway, resolution.profile, options)
          : notConfigured(name, resolution.detail),
      ),
    );
  } finally {
    await gateway.close();
  }
}

function chosen({ profiles }: LlmSettings, wanted: readonly string[]): readonly string[] {
  const known = Object.keys(profiles);
  if (wanted.length === 0) return known;
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const near = nearestWord(name, known);
    throw new OrreryError('usage-invalid', `there is no profile "${name}"`, {
      hint: `${near === null ? '' : `Did you mean ${near}? `}Profiles: ${known.join(', ') || 'none'}.`,
    });
  }
  return [...new Set(wanted)];
}

/** No fallback, no cache, no second try: a provider that is down must not look well because something else answered. */
function eachForItself({ cache: _, ...settings }: LlmSettings): LlmSettings {
  const profiles = Object.entries(settings.profiles).map(([name, { fallback: _, weights: __, ...alone }]) => [
    name,
    alone,
  ]);
  const providers = Object.entries(settings.providers).map(([name, provider]) => [
    name,
    { ...provider, retries: 0, timeoutMs: Math.min(provider.timeoutMs ?? longestMs, longestMs) },
  ]);
  return { ...settings, profiles: Object.fromEntries(profiles), providers: Object.fromEntries(providers) };
}

async function ping(
  gateway: Gateway,
  profile: UsableProfile,
  { question, signal }: PingOptions,
): Promise<Ping> {
  const { name, provider, model, temperature } = profile;
  const request = { profile: name, provider, model, temperature, maxTokens, schema: null };
  const messages = [{ role: 'user' as const, content: question }];
  const asked = { profile: name, provider, model };
  try {
    const answer = await gateway.within('0.ping').chat({ ...request, messages }, { signal });
    return { ...asked, ok: true, answeredBy: answer.answeredBy, ...figures(answer), error: null };
  } catch (thrown) {
    if (!(thrown instanceof ChatError)) throw thrown;
    const { code, message, hint, retryable } = thrown;
    const error = { code, message, hint, retryable };
    return { ...asked, ok: false, answeredBy: null, ...figures(thrown.spent), error };
  }
}

function figures({ latencyMs, promptTokens, responseTokens, costUsd }: ChatCost) {
  return { latencyMs, inputTokens: promptTokens, outputTokens: responseTokens, costUsd };
}

function notConfigured(profile: string, message: string): Ping {
  const error = { code: 'configuration-invalid', message, hint: null, retryable: false } as const;
  const nothing = { latencyMs: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return { profile, provider: null, model: null, ok: false, answeredBy: null, ...nothing, error };
}
