import { OrreryError } from '../core/index.ts';
import type { ChatModel } from './chat.ts';
import type { Environment, LlmSettings, ProviderSettings } from './llm-settings.ts';
import { createOpenAiCompatible } from './openai-compatible.ts';
import { providerEndpoint } from './provider-endpoint.ts';
import { providerKey } from './provider-key.ts';
import { recordCalls } from './record-calls.ts';
import { createRecordingStore, type RecordingDatabase } from './recording-store.ts';
import { createRedact, type Redact } from './redact.ts';
import { replayCalls } from './replay-calls.ts';
import { withAccounting } from './with-accounting.ts';
import { withRetry } from './with-retry.ts';
import { withTimeout } from './with-timeout.ts';

/** `record` keeps what `run` asks, also when that run is resumed; `replay` answers from what `run` once asked. */
export type RecordingMode =
  | { readonly kind: 'record' | 'replay'; readonly run: string; readonly database: RecordingDatabase }
  | { readonly kind: 'off' };

export interface GatewayOptions {
  readonly settings: LlmSettings;
  readonly environment: Environment;
  readonly recording: RecordingMode;
}

/** The way to every model. */
export interface Gateway {
  /**
   * The model as one record may ask it, primary, backup and repair turn alike. `scope` is the record's id without its run, e.g.
   * `2310.technical`; open it once per record, since repeats of a request are counted within it.
   */
  within(scope: string): ChatModel;
}

/**
 * All wrappers in their order, outermost first: recording → accounting → provider by name → retry → timeout → adapter.
 * The profile comes before all of them (`resolveProfile`). In a replay nothing stands below the recordings.
 */
export function createGateway({ settings, environment, recording }: GatewayOptions): Gateway {
  if (recording.kind === 'replay') {
    const store = createRecordingStore(recording.database);
    return { within: (scope) => replayCalls(store, recording.run, scope) };
  }
  const redact = createRedact(settings, environment);
  const live = withAccounting(settings.profiles, byProvider(settings, environment, redact));
  if (recording.kind === 'off') return { within: () => live };
  const store = createRecordingStore(recording.database);
  return { within: (scope) => recordCalls(store, redact, recording.run, scope, live) };
}

function byProvider(settings: LlmSettings, environment: Environment, redact: Redact): ChatModel {
  const providers = new Map<string, ChatModel>();
  return {
    async chat(request, call) {
      const name = request.provider;
      const provider = providers.get(name) ?? createProvider(name, settings, environment, redact);
      providers.set(name, provider);
      return await provider.chat(request, call);
    },
  };
}

function createProvider(
  name: string,
  settings: LlmSettings,
  environment: Environment,
  redact: Redact,
): ChatModel {
  const provider = Object.hasOwn(settings.providers, name) ? settings.providers[name] : undefined;
  if (provider === undefined) {
    throw new OrreryError('configuration-invalid', `There is no provider "${name}" under llm.providers`, {
      hint: 'A resumed run needs the providers it began with.',
    });
  }
  const adapter = createOpenAiCompatible({
    name,
    endpoint: providerEndpoint(name, provider),
    apiKey: requiredKey(name, provider, environment),
    redact,
  });
  return withRetry(provider.retries ?? 2, withTimeout(provider.timeoutMs ?? 30_000, adapter));
}

/** Profiles were resolved when the run began; a key that is gone by its resumption must stop it, not turn its agents to rules. */
function requiredKey(name: string, provider: ProviderSettings, environment: Environment): string | null {
  const key = providerKey(provider, environment);
  if (provider.apiKeyEnv !== undefined && key === null) {
    throw new OrreryError(
      'configuration-invalid',
      `$${provider.apiKeyEnv}, the key of provider "${name}", is not set`,
      {
        hint: 'Set it and resume the run.',
      },
    );
  }
  return key;
}
