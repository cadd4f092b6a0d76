import {
  type CallObserver,
  type Clock,
  createRandom,
  type Notices,
  OrreryError,
  type Random,
  sinceProcessStartMs,
  timeframeMs,
} from '../core/index.ts';
import { type BudgetDatabase, createLeaseStore } from './budget/lease-store.ts';
import { Ledger } from './budget/ledger.ts';
import { free } from './budget/price.ts';
import type { AnswerStore } from './cache/answer-store.ts';
import { defaultTtl } from './cache/cache-settings.ts';
import type { CacheDatabase } from './cache/database-store.ts';
import { openAnswerStore } from './cache/open-answer-store.ts';
import { withCache } from './cache/with-cache.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { keyHint, keySource } from './key-source.ts';
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
import { tellCircuit, withObserver } from './with-observer.ts';
import { type OnPause, withRetry } from './with-retry.ts';
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
  /** What a cache of answers needs; to be given when the settings hold one. */
  readonly cache?: CachePorts;
  /** Whose questions and budget these are: the run that records, unless given. */
  readonly run?: string;
  /** Of the pauses between tries. */
  readonly seed?: number;
  /** Told when a provider asks to be left alone for long, and is waited for. */
  readonly notices?: Notices;
  /** Told of every question but those that a recording answers. */
  readonly observers?: readonly CallObserver[];
}

export interface CachePorts {
  /** The desk's. */
  readonly clock: Clock;
  readonly database: CacheDatabase;
  readonly notices: Notices;
}

/** The way to every model. */
export interface Gateway extends Models {
  /** Gives back what was taken out of budgets and not spent, and leaves a shared cache. */
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
 * All wrappers in their order, outermost first: recording → observers → budget → failover → cache → accounting → provider by
 * name → circuit → retry → limits → timeout → adapter. The profile comes before all of them (`resolveProfile`). In a replay
 * nothing stands below the recordings. The cache stands below the failover, so that an answer is kept under the route that gave it and under no other; limits
 * below the retries, because each try counts.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, environment, recording, storedKeys = noStoredKeys, observers = [] } = options;
  if (recording.kind === 'replay') {
    const store = createRecordingStore(recording.database);
    const redact = () => createRedact(settings, environment, storedKeys);
    return {
      within: (scope) => replayCalls(store, redact, recording.run, scope),
      close: async () => undefined,
    };
  }
  const run = ownerOf(options);
  const redact = createRedact(settings, environment, storedKeys);
  const random = createRandom(options.seed ?? 0);
  const keyOf: KeyOf = (name, provider) => ({
    key: requiredKey(name, provider, environment, storedKeys),
    hint: keyHint(name, provider, keySource(name, provider, environment, storedKeys)),
  });
  const routes = (request: ChatRequest) => routesOf(settings, environment, request, storedKeys);
  const priced = withAccounting(
    settings.profiles,
    byProvider({ settings, keyOf, redact, random, observers, onPause: tellPause(options.notices) }),
  );
  const ledger = options.budgets === undefined ? null : new Ledger(createLeaseStore(options.budgets));
  const answers = answerStore(options);
  const live = budgeted(options, ledger, routes, withFailover(routes, cached(options, answers, priced)));
  const seen = withObserver(observers, settings.providers, live);
  const close = async () => {
    await ledger?.close();
    await answers?.close();
  };
  if (recording.kind === 'off') return { within: (scope) => askedBy(run, scope, seen), close };
  const store = createRecordingStore(recording.database);
  return {
    within: (scope) => recordCalls(store, redact, recording.run, scope, askedBy(run, scope, seen)),
    close,
  };
}

/** A scope is a record's number and its agent, then whatever it is more. */
function askedBy(run: string | null, scope: string, next: ChatModel): ChatModel {
  const agent = scope.split('.')[1] ?? scope;
  const record = run === null ? undefined : `${run}.${scope}`;
  return { chat: (request, call) => next.chat(request, { ...call, agent, record }) };
}

function ownerOf({ run, recording }: GatewayOptions): string | null {
  return run ?? (recording.kind === 'record' ? recording.run : null);
}

function answerStore({ settings, environment, cache }: GatewayOptions): AnswerStore | null {
  if (settings.cache === undefined) return null;
  if (cache === undefined) throw new RangeError('a cache needs the clock of a desk');
  return openAnswerStore(settings.cache, { ...cache, environment });
}

function cached({ settings, cache }: GatewayOptions, store: AnswerStore | null, next: ChatModel): ChatModel {
  if (store === null || cache === undefined) return next;
  const ttlMs = timeframeMs(settings.cache?.ttl ?? defaultTtl);
  return withCache({ store, ttlMs, clock: cache.clock, providers: settings.providers }, next);
}

function budgeted(
  options: GatewayOptions,
  ledger: Ledger | null,
  routes: (request: ChatRequest) => readonly UsableProfile[],
  next: ChatModel,
): ChatModel {
  const { settings } = options;
  const { budget } = settings;
  if (budget === undefined) return next;
  if (ledger === null) throw new RangeError('a budget needs a database to be kept in');
  const variantsOf = (request: ChatRequest) =>
    routes(request).map(({ name, ...route }) => ({
      request: { ...request, ...route, profile: name },
      price: settings.profiles[name]?.usdPerMillion ?? free,
    }));
  return withBudget({ budget, ledger, run: ownerOf(options), variantsOf }, next);
}

/** A provider's key, and what to do when it is turned away. */
type KeyOf = (
  name: string,
  provider: ProviderSettings,
) => { readonly key: string | null; readonly hint: string };

interface ProviderParts {
  readonly settings: LlmSettings;
  readonly keyOf: KeyOf;
  readonly redact: Redact;
  readonly random: Random;
  readonly observers: readonly CallObserver[];
  readonly onPause: OnPause;
}

/** A minute without a word looks like a hang. */
function tellPause(notices: Notices | undefined): OnPause {
  return (provider, ms, status) =>
    notices?.warn(
      `waiting ${Math.round(ms / 1_000)} s for ${provider}, which asked for it${status === 429 ? ' (rate limit)' : ''}`,
    );
}

function byProvider(parts: ProviderParts): ChatModel {
  const providers = new Map<string, ChatModel>();
  return {
    async chat(request, call) {
      const name = request.provider;
      const provider = providers.get(name) ?? wrappedProvider(name, parts);
      providers.set(name, provider);
      return await provider.chat(request, call);
    },
  };
}

function wrappedProvider(
  name: string,
  { settings, keyOf, redact, random, observers, onPause }: ProviderParts,
): ChatModel {
  const provider = Object.hasOwn(settings.providers, name) ? settings.providers[name] : undefined;
  if (provider === undefined) {
    throw new OrreryError('configuration-invalid', `There is no provider "${name}" under llm.providers`, {
      hint: 'A resumed run needs the providers it began with.',
    });
  }
  const { key, hint } = keyOf(name, provider);
  const adapter = createProvider(name, provider, key, redact, hint);
  const timed = withTimeout(provider.timeoutMs ?? 30_000, adapter);
  const persistent = withRetry(provider.retries ?? 2, random, withLimits(provider, timed), onPause);
  return withCircuit(persistent, sinceProcessStartMs, tellCircuit(observers, name));
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
