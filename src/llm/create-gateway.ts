import { createRandom, OrreryError, type Random } from '../core/index.ts';
import { type BudgetDatabase, createLeaseStore } from './budget/lease-store.ts';
import { Ledger } from './budget/ledger.ts';
import { free } from './budget/price.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import type { Environment, LlmSettings, ProviderSettings } from './llm-settings.ts';
import { keyVariables, needsKey, providerKey } from './provider-key.ts';
import { createProvider } from './providers/create-provider.ts';
import { recordCalls } from './record-calls.ts';
import { createRecordingStore, type RecordingDatabase } from './recording-store.ts';
import { createRedact, type Redact } from './redact.ts';
import { replayCalls } from './replay-calls.ts';
import type { UsableProfile } from './resolve-profile.ts';
import { routesOf } from './routes.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';
import { withAccounting } from './with-accounting.ts';
import { withBudget } from './with-budget.ts';
import { withCircuit } from './with-circuit.ts';
import { withFailover } from './with-failover.ts';
import { withLimits } from './with-limits.ts';
import { withRetry } from './with-retry.ts';
import { withTimeout } from './with-timeout.ts';

/** `record` keeps what `run` asks, also when that run is resumed; `replay` answers from what `run` once asked. */
export type RecordingMode =
  | { readonly kind: 'record' | 'replay'; readonly run: string; readonly database: RecordingDatabase }
  | { readonly kind: 'off' };

export interface GatewayOptions {
  readonly settings: LlmSettings;
  readonly environment: Environment;
  /** Of providers whose variable is not set; none unless given. */
  readonly storedKeys?: StoredKeys;
  readonly recording: RecordingMode;
  /** Where processes share their budgets; needed when the settings hold one. */
  readonly budgets?: BudgetDatabase;
  /** Whose budget it is: the run that records, unless given. */
  readonly run?: string;
  /** Of the pauses between tries. */
  readonly seed?: number;
}

/** The way to every model. */
export interface Gateway extends Models {
  /** Gives back what was taken out of budgets and not spent. */
  close(): Promise<void>;
}

/** What agents see of a gateway. */
export interface Models {
  /**
   * The model as one record may ask it, primary, backup and repair turn alike. `scope` is the record's id without its run, e.g.
   * `2310.technical`; open it once per record, since repeats of a request are counted within it.
   */
  within(scope: string): ChatModel;
}

/**
 * All wrappers in their order, outermost first: recording → budget → failover → accounting → provider by name → circuit → retry →
 * limits → timeout → adapter. The profile comes before all of them (`resolveProfile`). In a replay nothing stands below the
 * recordings. Limits stand below the retries, because each try counts.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, environment, recording, storedKeys = noStoredKeys } = options;
  if (recording.kind === 'replay') {
    const store = createRecordingStore(recording.database);
    return { within: (scope) => replayCalls(store, recording.run, scope), close: async () => undefined };
  }
  const redact = createRedact(settings, environment, storedKeys);
  const random = createRandom(options.seed ?? 0);
  const keyOf: KeyOf = (name, provider) => requiredKey(name, provider, environment, storedKeys);
  const routes = (request: ChatRequest) => routesOf(settings, environment, request, storedKeys);
  const priced = withAccounting(settings.profiles, byProvider(settings, keyOf, redact, random));
  const ledger = options.budgets === undefined ? null : new Ledger(createLeaseStore(options.budgets));
  const live = budgeted(options, ledger, routes, withFailover(routes, priced));
  const close = async () => await ledger?.close();
  if (recording.kind === 'off') return { within: (scope) => askedBy(scope, live), close };
  const store = createRecordingStore(recording.database);
  return {
    within: (scope) => recordCalls(store, redact, recording.run, scope, askedBy(scope, live)),
    close,
  };
}

/** A scope is a record's number and its agent, then whatever it is more. */
function askedBy(scope: string, next: ChatModel): ChatModel {
  const agent = scope.split('.')[1] ?? scope;
  return { chat: (request, call) => next.chat(request, { ...call, agent }) };
}

function budgeted(
  { settings, recording, run }: GatewayOptions,
  ledger: Ledger | null,
  routes: (request: ChatRequest) => readonly UsableProfile[],
  next: ChatModel,
): ChatModel {
  const { budget } = settings;
  if (budget === undefined) return next;
  if (ledger === null) throw new RangeError('a budget needs a database to be kept in');
  const variantsOf = (request: ChatRequest) =>
    routes(request).map(({ name, ...route }) => ({
      request: { ...request, ...route },
      price: settings.profiles[name]?.usdPerMillion ?? free,
    }));
  const owner = run ?? (recording.kind === 'record' ? recording.run : null);
  return withBudget({ budget, ledger, run: owner, variantsOf }, next);
}

type KeyOf = (name: string, provider: ProviderSettings) => string | null;

function byProvider(settings: LlmSettings, keyOf: KeyOf, redact: Redact, random: Random): ChatModel {
  const providers = new Map<string, ChatModel>();
  return {
    async chat(request, call) {
      const name = request.provider;
      const provider = providers.get(name) ?? wrappedProvider(name, settings, keyOf, redact, random);
      providers.set(name, provider);
      return await provider.chat(request, call);
    },
  };
}

function wrappedProvider(
  name: string,
  settings: LlmSettings,
  keyOf: KeyOf,
  redact: Redact,
  random: Random,
): ChatModel {
  const provider = Object.hasOwn(settings.providers, name) ? settings.providers[name] : undefined;
  if (provider === undefined) {
    throw new OrreryError('configuration-invalid', `There is no provider "${name}" under llm.providers`, {
      hint: 'A resumed run needs the providers it began with.',
    });
  }
  const adapter = createProvider(name, provider, keyOf(name, provider), redact);
  const timed = withTimeout(provider.timeoutMs ?? 30_000, adapter);
  return withCircuit(withRetry(provider.retries ?? 2, random, withLimits(provider, timed)));
}

/** Profiles were resolved when the run began; a key that is gone by its resumption must stop it, not turn its agents to rules. */
function requiredKey(
  name: string,
  provider: ProviderSettings,
  environment: Environment,
  storedKeys: StoredKeys,
): string | null {
  const key = providerKey(name, provider, environment, storedKeys);
  if (key === null && needsKey(provider)) {
    const variables = keyVariables(provider).map((variable) => `$${variable}`);
    throw new OrreryError(
      'configuration-invalid',
      `${variables.join(' or ')}, the key of provider "${name}", is not set, and none is stored`,
      {
        hint: `Set it, or store it with \`orrery auth set ${name}\`, and resume the run.`,
      },
    );
  }
  return key;
}
