import { join } from 'node:path';
import { type Configuration, loadConfiguration } from '../configuration/index.ts';
import type { CallObserver, Notices } from '../core/index.ts';
import { createCredentialStore } from '../credentials/index.ts';
import { type Environment, providerEndpoint } from '../llm/index.ts';
import { createCandleStore } from '../market/index.ts';
import { packageVersion } from '../package.ts';
import { openTrialsLog } from '../runs/index.ts';
import { createSpans } from '../telemetry/index.ts';
import { checkSubjects } from './check-subjects.ts';
import { findDesks } from './find-desks.ts';
import { keepKeys } from './keep-keys.ts';
import { moveRuns } from './move-runs.ts';
import type { Orrery } from './orrery.ts';
import { questionModels } from './question-models.ts';
import { readArchive } from './read-archive.ts';
import { runDesks } from './run-desks.ts';
import { runFolders } from './run-folders.ts';
import { testStrategies } from './test-strategies.ts';
import { openDatabasesAt } from './with-database.ts';

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

/**
 * Wires the parts together.
 * @throws OrreryError `configuration-invalid`
 */
export function createOrrery(options: OrreryOptions): Orrery {
  const { cwd, environment, notices } = options;
  const configuration = readConfiguration(options);
  const { home, llm } = configuration;
  const credentials = createCredentialStore({
    folder: configuration.credentials,
    passphrase: environment['ORRERY_PASSPHRASE'] || null,
  });
  const version = packageVersion();
  const trials = openTrialsLog(home);
  const folders = runFolders(home);
  const desks = findDesks(cwd);
  const withDatabase = openDatabasesAt({ home, url: configuration.databaseUrl });
  const models = { llm, environment, storedKeys: credentials };
  const observers = () => observersOf(options, version);

  return {
    configuration,
    version,
    candles: createCandleStore(join(home, 'candles'), cwd),
    reportPath: folders.reportPath,
    ...desks,
    ...runDesks({ desks, models, notices, version, withDatabase, folders, trials, observers }),
    ...testStrategies(trials),
    ...checkSubjects(desks),
    ...moveRuns({ withDatabase, version, dataFolder: folders.dataFolder }),
    ...readArchive(withDatabase),
    ...questionModels({ models, withDatabase, observers }),
    ...keepKeys({ credentials, providers: llm.providers, environment }),
  };
}

function readConfiguration({ cwd, environment, configFile, overrides }: OrreryOptions): Configuration {
  const configuration = loadConfiguration({ cwd, environment, file: configFile, overrides });
  // Also of providers that no profile uses: settings are kept with every run, and must hold no password.
  for (const [name, provider] of Object.entries(configuration.llm.providers)) {
    if (provider.baseUrl !== undefined) providerEndpoint(name, provider);
  }
  return configuration;
}

/** Those that were given, and traces where this program sends any. */
async function observersOf(
  { observers = [] }: OrreryOptions,
  version: string,
): Promise<readonly CallObserver[]> {
  const spans = await createSpans(version);
  return spans === null ? observers : [...observers, spans];
}
