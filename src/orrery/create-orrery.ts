import { join } from 'node:path';
import { type Configuration, loadConfiguration } from '../configuration/index.ts';
import type { CallObserver } from '../core/index.ts';
import { createCredentialStore } from '../credentials/index.ts';
import { providerEndpoint } from '../llm/index.ts';
import { createCandleStore } from '../market/index.ts';
import { packageVersion } from '../package.ts';
import { openTrialsLog } from '../runs/index.ts';
import { createSpans } from '../telemetry/index.ts';
import { checkSubjects } from './check-subjects.ts';
import { findDesks } from './find-desks.ts';
import { invokeEnsembles } from './invoke-ensembles.ts';
import { keepKeys } from './keep-keys.ts';
import { moveRuns } from './move-runs.ts';
import type { Orrery } from './orrery.ts';
import { type OrreryOptions, readOrreryOptions, type WholeOrreryOptions } from './orrery-options.ts';
import { questionModels } from './question-models.ts';
import { readArchive } from './read-archive.ts';
import { runDesks } from './run-desks.ts';
import { runFolders } from './run-folders.ts';
import { testStrategies } from './test-strategies.ts';
import { openDatabasesAt } from './with-database.ts';

/**
 * Wires the parts together. Reads the configuration, and opens nothing else until it is needed.
 * @throws OrreryError `usage-invalid` for an option that makes no sense, `configuration-invalid`
 */
export function createOrrery(given: OrreryOptions = {}): Orrery {
  const options = readOrreryOptions(given);
  const { cwd, environment, notices } = options;
  const configuration = readConfiguration(options);
  const { home, llm, userFolder } = configuration;
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
    ...invokeEnsembles({ cwd, home, userFolder, models, notices, withDatabase, observers }),
    ...testStrategies(trials),
    ...checkSubjects(desks),
    ...moveRuns({ withDatabase, version, dataFolder: folders.dataFolder }),
    ...readArchive(withDatabase),
    ...questionModels({ models, withDatabase, observers }),
    ...keepKeys({ credentials, providers: llm.providers, environment }),
  };
}

function readConfiguration({ cwd, environment, configFile, overrides }: WholeOrreryOptions): Configuration {
  const configuration = loadConfiguration({ cwd, environment, file: configFile, overrides });
  // Also of providers that no profile uses: settings are kept with every run, and must hold no password.
  for (const [name, provider] of Object.entries(configuration.llm.providers)) {
    if (provider.baseUrl !== undefined) providerEndpoint(name, provider);
  }
  return configuration;
}

/** Those that were given, and traces where this program sends any. */
async function observersOf(
  { observers }: WholeOrreryOptions,
  version: string,
): Promise<readonly CallObserver[]> {
  const spans = await createSpans(version);
  return spans === null ? observers : [...observers, spans];
}
