import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAgents, parseMoon, readPrompt } from './agents/index.ts';
import { type Configuration, loadConfiguration } from './configuration/index.ts';
import type { CallObserver, EpochMs, Notices } from './core/index.ts';
import { nearestWord, OrreryError, timeframeMs } from './core/index.ts';
import { createCredentialStore } from './credentials/index.ts';
import {
  type DeskFile,
  type DeskSpec,
  listDesks,
  type OpenDesk,
  readDeskFile,
  resolveDesk,
  unavailableFeatures,
} from './desk/index.ts';
import type {
  BacktestDocument,
  CheckDocument,
  ComparisonDocument,
  SweepDocument,
  WalkForwardDays,
  WalkForwardDocument,
} from './engine/index.ts';
import { createJournal, type Journal, journalMigrations } from './journal/index.ts';
import {
  budgetMigrations,
  cacheMigrations,
  checkKey,
  describeProfiles,
  describeProviders,
  type Environment,
  keyVariable,
  type Ping,
  type ProfileDescription,
  type ProviderDescription,
  pingProfiles,
  providerEndpoint,
  type Recording,
  recordingMigrations,
  recordingOf,
  redisUrl,
  resolveProfile,
  type StoredKeys,
  type UsableProfile,
  unpricedInWords,
  unpricedProfiles,
} from './llm/index.ts';
import { type CandleStore, createCandleStore } from './market/index.ts';
import { packageRoot, packageVersion } from './package.ts';
import {
  type BacktestRequest,
  backtestStrategy,
  checkDeskOnFiles,
  checkRunFile,
  checkRunId,
  checkStrategyOnFiles,
  compareStrategies,
  type ExportedRun,
  type ExportRequest,
  exportRun,
  type ImportedRun,
  type ImportRequest,
  importRun,
  knownBarsNotes,
  type MarketData,
  type MovePorts,
  modelUsage,
  type NewRun,
  newRunId,
  notesOn,
  openMarket,
  openTrialsLog,
  profilesOf,
  type RunEnding,
  type RunPorts,
  type RunWatch,
  replayRun,
  resumeRun,
  type SweepRequest,
  type SweepWatch,
  type SyntheticData,
  startRun,
  sweepStrategy,
  type Usage,
  type UsageGroup,
  walkForward,
} from './runs/index.ts';
import { type Database, makeStateFolder, migrate, openDatabase } from './storage/index.ts';
import {
  loadStrategy,
  mergeParams,
  shareParams,
  shippedStrategies,
  strategyKey,
  strategyName,
} from './strategies/index.ts';
import { createSpans } from './telemetry/index.ts';

export interface OrreryOptions {
  /** Absolute; where relative paths and the project's files are looked up. */
  readonly cwd: string;
  readonly environment: Environment;
  readonly notices: Notices;
  /** `--config` and `--set`. */
  readonly configFile: string | null;
  readonly overrides: readonly string[];
  /** Told of every question to a model, such as what `createMetrics` makes. */
  readonly observers?: readonly CallObserver[];
}

/** What a person asks to be run. */
export interface RunRequest {
  /** A desk's name, or a path to its file. */
  readonly desk: string;
  /** Null takes the desk's own instruments, which must then be synthetic. */
  readonly data: MarketData | null;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly seed: number;
  readonly record: boolean;
  readonly run: string | null;
}

/** What a person asks to be tested, the strategy apart. `params` override its own. */
export type StrategyRequest = Omit<BacktestRequest, 'strategy'>;

/** The same for many combinations of parameters at once. */
export type StrategySweepRequest = Omit<SweepRequest, 'strategy' | 'source'>;

/** The journal and the recordings, while somebody has the database open. */
export interface Archive {
  readonly journal: Journal;
  /** @throws OrreryError `recording-altered` */
  recording(id: string): Promise<Recording | null>;
}

/** Where the key of a provider comes from; never any part of it. */
export interface KeyOrigin {
  readonly provider: string;
  /** What is set in the environment comes before what is stored. */
  readonly source: 'environment' | 'store';
  /** The variable that holds it; null when it is stored. */
  readonly variable: string | null;
  /** When a key was stored, ISO 8601; null when none is. */
  readonly since: string | null;
}

/** The program as one object: what the command line and, later, the server call. */
export interface Orrery {
  readonly configuration: Configuration;
  readonly version: string;
  listDesks(): readonly DeskFile[];
  openDesk(nameOrPath: string): OpenDesk;
  /** Candles kept under the home, by symbol. */
  readonly candles: CandleStore;
  run(request: RunRequest, watch: RunWatch): Promise<RunEnding>;
  resume(run: string, watch: RunWatch): Promise<RunEnding>;
  /** `as` names the new run. */
  replay(run: string, as: string | null, watch: RunWatch): Promise<RunEnding>;
  /** Tests a strategy on candles; keeps nothing. `strategy` is a shipped name or an absolute path. */
  backtest(strategy: string, request: StrategyRequest): Promise<BacktestDocument>;
  /**
   * The same for several strategies, on the same candles at the same costs. A parameter goes to those that have it.
   * @throws OrreryError `usage-invalid` for a parameter that none has
   */
  compare(strategies: readonly string[], request: StrategyRequest): Promise<ComparisonDocument>;
  /**
   * Looks for what would make results worthless, such as a look into the future, in a strategy or in a desk as it decides
   * by rules. Asks no model, keeps nothing. `subject` is a name or an absolute path.
   * @throws OrreryError `desk-not-found` when it is neither
   */
  check(subject: string, request: StrategyRequest): Promise<CheckDocument>;
  /** Tests every combination of parameters. */
  sweep(strategy: string, request: StrategySweepRequest, watch: SweepWatch): Promise<SweepDocument>;
  /** Chooses among the combinations on one stretch after the other, and tests each choice on the days that follow. */
  walkForward(
    strategy: string,
    request: StrategySweepRequest,
    days: WalkForwardDays,
    watch: SweepWatch,
  ): Promise<WalkForwardDocument>;
  /** Writes a run that is done into one file; what {@link exportRun} throws. */
  exportRun(request: ExportRequest): Promise<ExportedRun>;
  /** Takes up the run of such a file, all of it or nothing; what {@link checkRunFile} and {@link importRun} throw. */
  importRun(request: ImportRequest): Promise<ImportedRun>;
  /** Opens the database for the time of `work`, beside whoever holds it. */
  read<Result>(work: (archive: Archive) => Promise<Result>): Promise<Result>;
  reportPath(run: string): string;
  /** Where each configured profile leads, for the person who looks for a mistake. */
  describeProfiles(): readonly ProfileDescription[];
  /** The same by provider. */
  describeProviders(): readonly ProviderDescription[];
  /**
   * Asks these profiles, or with none all that can be used, one small question each, within the budgets.
   * @throws OrreryError `usage-invalid` for one that is not configured; where there is a budget `home-locked`, `database-failed`
   */
  pingProfiles(profiles: readonly string[], signal?: AbortSignal): Promise<readonly Ping[]>;
  /**
   * What models took in a run, or with null in all.
   * @throws OrreryError `run-not-found`
   */
  usage(run: string | null, by: UsageGroup): Promise<Usage>;
  /** Which profiles a budget in dollars does not hold back, as they have no price; null when there is none. */
  describeUnpriced(): string | null;
  /** Providers that have a key, by name. @throws OrreryError `credentials-exposed`, `credentials-damaged` */
  listKeys(): readonly KeyOrigin[];
  /**
   * Keeps a provider's key, sealed, in place of one kept before.
   * @returns where it comes from now, which may still be the environment
   * @throws OrreryError `usage-invalid` for what cannot be a key or a name, `credentials-…`, `home-locked`, `database-failed`
   */
  storeKey(provider: string, key: string): Promise<KeyOrigin>;
  /** @throws OrreryError `credentials-not-found`, and what {@link storeKey} throws */
  removeKey(provider: string): Promise<void>;
}

const migrations = [...journalMigrations, ...recordingMigrations, ...budgetMigrations, ...cacheMigrations];

/**
 * Wires the parts together.
 * @throws OrreryError `configuration-invalid`
 */
export function createOrrery(options: OrreryOptions): Orrery {
  const { cwd, environment, notices, configFile: file, overrides } = options;
  const configuration = loadConfiguration({ cwd, environment, file, overrides });
  // Also of providers that no profile uses: settings are kept with every run, and must hold no password.
  for (const [name, provider] of Object.entries(configuration.llm.providers)) {
    if (provider.baseUrl !== undefined) providerEndpoint(name, provider);
  }
  const { home, databaseUrl: url } = configuration;
  const credentials = createCredentialStore({
    folder: configuration.credentials,
    passphrase: environment['ORRERY_PASSPHRASE'] || null,
  });
  const version = packageVersion();
  const deskFolders = [join(cwd, 'desks'), join(packageRoot, 'desks')];
  const reports = join(home, 'reports');
  const reportPath = (run: string) => join(reports, `${run}.html`);
  const dataFolder = (run: string) => join(home, 'run-data', run);

  const withDatabase = async <Result>(
    holder: string,
    access: 'own' | 'read',
    work: (database: Database) => Promise<Result>,
  ): Promise<Result> => {
    const database = await openDatabase({ home, url, holder, access });
    try {
      if (database.kind !== 'remote') await migrate(database, migrations);
      return await work(database);
    } finally {
      await database.close();
    }
  };
  const portsOf = (database: Database, observers: readonly CallObserver[]): RunPorts => ({
    journal: createJournal(database),
    database,
    environment,
    storedKeys: credentials,
    notices,
    trials: openTrialsLog(home),
    observers,
    reportPath,
    dataFolder,
  });
  const movePortsOf = (database: Database): MovePorts => ({
    journal: createJournal(database),
    database,
    version,
    dataFolder,
  });
  const performing = (run: string, work: (ports: RunPorts) => Promise<RunEnding>): Promise<RunEnding> =>
    withDatabase(`orrery run ${run}`, 'own', async (database) =>
      work(portsOf(database, await observersOf(options, version))),
    );
  const performingNew = (run: string, work: (ports: RunPorts) => Promise<RunEnding>): Promise<RunEnding> =>
    performing(run, (ports) => {
      // Before any work: who cannot be given a report should not have paid for a run.
      makeStateFolder(reports);
      return work(ports);
    });
  const openDesk = (nameOrPath: string): OpenDesk =>
    readDeskFile(resolveDesk(nameOrPath, deskFolders), parseMoon);
  const isUsable = (profile: string) =>
    resolveProfile(configuration.llm, profile, environment, credentials).kind === 'usable';
  const profiles = (spec: DeskSpec) =>
    resolveProfiles(spec, configuration, environment, credentials, notices);
  const unpricedNote = (names: readonly string[]): string | null => {
    const lacking = unpricedProfiles(configuration.llm, names).filter(isUsable);
    return lacking.length === 0 ? null : unpricedInWords(configuration.llm, lacking);
  };
  const keyOriginOf = (provider: string, since: string | null) => {
    const { providers } = configuration.llm;
    const settings = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
    const variable = settings === undefined ? null : keyVariable(settings, environment);
    return { provider, source: variable === null ? 'store' : 'environment', variable, since } as const;
  };

  return {
    configuration,
    version,
    listDesks: () => listDesks(deskFolders),
    openDesk,
    candles: createCandleStore(join(home, 'candles'), cwd),
    reportPath,
    async run(request, watch) {
      const run = request.run === null ? newRunId() : checkRunId(request.run);
      const { spec, text } = openDesk(request.desk);
      checkAgents(spec.agents, isUsable);
      if (configuration.llm.cache?.store === 'redis') redisUrl(environment);
      const { to, seed, record } = request;
      const data = request.data ?? syntheticData(spec);
      const from = request.from ?? (data.kind === 'synthetic' ? firstWarmBar(data.market) : null);
      const asked = { data, from, to, seed };
      const market = await openMarket(asked);
      // Only now: somebody whose data cannot be read should be told that and nothing else.
      warnUnavailable(notices, unavailableFeatures(spec));
      for (const note of market.markets.flatMap(notesOn)) notices.warn(note);
      const resolved = profiles(spec);
      const answering = { llm: configuration.llm, profiles: resolved };
      const unpriced = unpricedNote(Object.values(resolved).flatMap((profile) => profile?.name ?? []));
      if (unpriced !== null) notices.warn(unpriced);
      for (const note of knownBarsNotes(answering, market)) notices.warn(note);
      const fresh: NewRun = {
        run,
        spec,
        market,
        settings: {
          ...asked,
          version,
          desk: { name: spec.name, text },
          prompts: readFolder(join(packageRoot, 'prompts')),
          hashes: Object.fromEntries(market.instruments.map(({ symbol, sha256 }) => [symbol, sha256])),
          record,
          ...answering,
          replayOf: null,
        },
      };
      return performingNew(run, (ports) => startRun(ports, fresh, watch));
    },
    resume: (run, watch) => performing(run, (ports) => resumeRun(ports, run, watch)),
    replay(original, as, watch) {
      const run = as === null ? newRunId() : checkRunId(as);
      return performingNew(run, (ports) => replayRun(ports, original, run, watch));
    },
    async backtest(strategy, request) {
      const named = await namedStrategy(strategy);
      const params = mergeParams(strategy, named.code.params, request.params);
      return backtestStrategy({ ...request, params, strategy: named }, openTrialsLog(home));
    },
    async compare(strategies, request) {
      const given = shareParams(await Promise.all(strategies.map(namedStrategy)), request.params);
      return compareStrategies(
        given.map(({ strategy, params }) => ({ ...request, strategy, params })),
        openTrialsLog(home),
      );
    },
    async check(subject, request) {
      if (namesStrategy(subject)) {
        const strategy = await namedStrategy(subject);
        const params = mergeParams(subject, strategy.code.params, request.params);
        return checkStrategyOnFiles({ ...request, params, strategy });
      }
      const { spec } = openDesk(namedDesk(subject, listDesks(deskFolders)));
      mergeParams(subject, {}, request.params);
      refuseFactors(subject, request);
      const { files, from, to } = request;
      const prompts = readFolder(join(packageRoot, 'prompts'));
      return checkDeskOnFiles({ name: spec.name, spec, prompts, files, from, to });
    },
    sweep: async (strategy, request, watch) =>
      sweepStrategy(await sweepRequest(strategy, request), openTrialsLog(home), watch),
    walkForward: async (strategy, request, days, watch) =>
      walkForward(await sweepRequest(strategy, request), days, openTrialsLog(home), watch),
    describeProfiles: () => describeProfiles(configuration.llm, environment, credentials),
    describeProviders: () => describeProviders(configuration.llm, environment, credentials),
    async pingProfiles(profiles, signal) {
      const question = readPrompt('ping', readFolder(join(packageRoot, 'prompts'))).user;
      const observers = await observersOf(options, version);
      const asked = { settings: configuration.llm, environment, storedKeys: credentials, observers };
      const ping = (budgets?: Database) =>
        pingProfiles({
          ...{ ...asked, profiles, question },
          ...(budgets === undefined ? {} : { budgets }),
          ...(signal === undefined ? {} : { signal }),
        });
      // Only budgets need the database, which a run may be holding.
      return configuration.llm.budget === undefined ? ping() : withDatabase('orrery llm ping', 'own', ping);
    },
    usage: (run, by) =>
      withDatabase('orrery, reading', 'read', (database) =>
        modelUsage({ journal: createJournal(database), recordings: database }, run, by),
      ),
    describeUnpriced: () => unpricedNote(Object.keys(configuration.llm.profiles)),
    listKeys() {
      const stored = new Map(credentials.list().map(({ provider, since }) => [provider, since]));
      const names = new Set([...Object.keys(configuration.llm.providers), ...stored.keys()]);
      const origins = [...names].sort().map((name) => keyOriginOf(name, stored.get(name) ?? null));
      return origins.filter(({ variable, since }) => variable !== null || since !== null);
    },
    async storeKey(provider, key) {
      checkKey(key, 'what was given', 'usage-invalid');
      const { since } = await credentials.set(provider, key);
      return keyOriginOf(provider, since);
    },
    removeKey: (provider) => credentials.remove(provider),
    exportRun: (request) =>
      withDatabase('orrery runs export', 'read', (database) => exportRun(movePortsOf(database), request)),
    async importRun(request) {
      if (request.as !== null) checkRunId(request.as);
      // Twice read: what is not whole should not even begin to be kept.
      await checkRunFile(request.file);
      return withDatabase('orrery runs import', 'own', (database) =>
        importRun(movePortsOf(database), request),
      );
    },
    read: (work) =>
      withDatabase('orrery, reading', 'read', (database) =>
        work({ journal: createJournal(database), recording: (id) => recordingOf(database, id) }),
      ),
  };
}

/** Those that were given, and traces where this program sends any. */
async function observersOf(
  { observers = [] }: OrreryOptions,
  version: string,
): Promise<readonly CallObserver[]> {
  const spans = await createSpans(version);
  return spans === null ? observers : [...observers, spans];
}

async function sweepRequest(source: string, request: StrategySweepRequest): Promise<SweepRequest> {
  const strategy = await namedStrategy(source);
  const swept = Object.fromEntries(request.ranges.map(({ name, from }) => [name, from]));
  const params = mergeParams(source, strategy.code.params, { ...request.params, ...swept });
  return { ...request, params, source, strategy };
}

async function namedStrategy(source: string): Promise<BacktestRequest['strategy']> {
  const code = await loadStrategy(source);
  return { name: strategyName(source), key: strategyKey(source), code };
}

/** @throws OrreryError `usage-invalid` */
function refuseFactors(desk: string, { factors }: StrategyRequest): void {
  if (factors.length === 0) return;
  throw new OrreryError(
    'usage-invalid',
    `${desk} is a desk, which trades prices as they are: it takes no --factors`,
    {
      hint: 'Leave --factors out; it is for strategies.',
    },
  );
}

function namesStrategy(nameOrFile: string): boolean {
  return shippedStrategies.has(nameOrFile) || /\.[cm]?[jt]s$/.test(nameOrFile);
}

/** A desk's name or path as it is, unless it is a mere name that none bears. @throws OrreryError `desk-not-found` */
function namedDesk(nameOrPath: string, desks: readonly DeskFile[]): string {
  const names = desks.map(({ name }) => name);
  if (!/^[\w-]+$/.test(nameOrPath) || names.includes(nameOrPath)) return nameOrPath;
  const strategies = [...shippedStrategies.keys()];
  const near = nearestWord(nameOrPath, [...strategies, ...names]);
  throw new OrreryError('desk-not-found', `there is no strategy and no desk "${nameOrPath}"`, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}Strategies: ${strategies.join(', ')}. Desks: ${names.join(', ')}. A path to a file of either works too.`,
  });
}

/** Bars of a synthetic market, the first of which only warm the moons up. */
const syntheticStretch = { warmUpBars: 250, bars: 1_000, start: Date.UTC(2024, 0, 1) } as const;

function syntheticData(spec: DeskSpec): MarketData {
  const foreign = spec.instruments.find((symbol) => !symbol.startsWith('SYN-'));
  if (foreign !== undefined) {
    throw new OrreryError(
      'usage-invalid',
      `the desk ${spec.name} trades ${foreign}, and no candles were given for it`,
      {
        hint: `Add --data ${foreign}=FILE. Only instruments named SYN-… have a synthetic market.`,
      },
    );
  }
  const { warmUpBars, bars, start } = syntheticStretch;
  const { instruments: symbols, timeframe } = spec;
  return { kind: 'synthetic', market: { symbols, timeframe, bars: warmUpBars + bars, start } };
}

function firstWarmBar({ start, timeframe }: SyntheticData): EpochMs {
  return start + syntheticStretch.warmUpBars * timeframeMs(timeframe);
}

function resolveProfiles(
  spec: DeskSpec,
  { llm }: Configuration,
  environment: Environment,
  storedKeys: StoredKeys,
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

function warnUnavailable(notices: Notices, features: readonly string[]): void {
  if (features.length > 0) notices.warn(`not available in this version: ${features.join(', ')}`);
}

function readFolder(folder: string): { readonly [fileName: string]: string } {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
