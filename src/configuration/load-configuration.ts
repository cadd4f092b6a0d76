import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Environment, type LlmSettings, readPriceTable, shippedPrices } from '../llm/index.ts';
import { checkShape, readYamlFile } from '../yaml/index.ts';
import { absoluteModules } from './absolute-modules.ts';
import { layerSchema, settingsSchema } from './configuration-schema.ts';
import { mergeLayers } from './merge-layers.ts';
import { readOverride } from './override.ts';
import { pricedProfiles } from './priced-profiles.ts';

export interface ConfigurationRequest {
  /** The folder the command was started in, absolute. */
  readonly cwd: string;
  readonly environment: Environment;
  /** `--config FILE` */
  readonly file: string | null;
  /** `--set KEY=VALUE`, in the order given; the last one wins. */
  readonly overrides: readonly string[];
}

export interface Configuration {
  /** Each profile with its price and knowledge cut-off, where one is known. */
  readonly llm: LlmSettings;
  /** Folder of all state, absolute. */
  readonly home: string;
  /** Folder of stored keys, absolute: the home where that was moved, else the user's settings. */
  readonly credentials: string;
  /** Folder of the user's own settings, ensembles and prices, absolute; null where there is no home. */
  readonly userFolder: string | null;
  /** PostgreSQL in place of the embedded database; holds a password, so never print it. */
  readonly databaseUrl: string | null;
  /** The files it was read from, those of prices behind the others; of each kind the one that wins last. */
  readonly files: readonly string[];
}

const hint = 'docs/configuration.md lists every key and what it takes.';

/**
 * What holds for this command: the user's file, over it the project's, over both the `--set` options; under all of them
 * what files of prices know of the models.
 * @throws OrreryError `configuration-invalid` with file, line and column; `file-not-found` for a file that was named
 */
export function loadConfiguration(request: ConfigurationRequest): Configuration {
  const { cwd, environment, overrides } = request;
  const code = 'configuration-invalid';
  const files = [userFile(environment), projectFile(request)].filter((file) => file !== null);
  const layers = [
    ...files.map((file) =>
      absoluteModules(readYamlFile({ file, schema: layerSchema, code, hint }), dirname(file)),
    ),
    ...overrides.map((override) => absoluteModules(readOverride(override, hint), cwd)),
  ];
  const where = [...files, ...(overrides.length > 0 ? ['--set'] : [])].join(' + ');
  const movedHome = written(environment, 'ORRERY_HOME');
  const home = resolve(cwd, movedHome ?? '.orrery');
  const { llm } = checkShape({ value: mergeLayers(layers), schema: settingsSchema, code, where, hint });
  const prices = priceFiles(request);
  return {
    llm: pricedProfiles(llm, () => readPriceTable([shippedPrices, ...prices])),
    home,
    credentials: movedHome === null ? resolve(cwd, userFolder(environment) ?? home) : home,
    userFolder: userFolder(environment),
    databaseUrl: written(environment, 'DATABASE_URL'),
    files: [...files, ...prices],
  };
}

/** The user's own prices, then the project's. */
function priceFiles({ cwd, environment }: ConfigurationRequest): readonly string[] {
  const folders = [userFolder(environment), cwd].filter((folder) => folder !== null);
  return folders.map((folder) => join(folder, 'prices.yaml')).filter(isThere);
}

/** The first of `--config`, `$ORRERY_CONFIG` and `./orrery.yaml`; a file that is named must exist. */
function projectFile({ cwd, environment, file }: ConfigurationRequest): string | null {
  const named = file ?? written(environment, 'ORRERY_CONFIG');
  if (named !== null) return resolve(cwd, named);
  const usual = join(cwd, 'orrery.yaml');
  return isThere(usual) ? usual : null;
}

function userFile(environment: Environment): string | null {
  const folder = userFolder(environment);
  if (folder === null) return null;
  const file = join(folder, 'orrery.yaml');
  return isThere(file) ? file : null;
}

function userFolder(environment: Environment): string | null {
  const home = written(environment, 'HOME');
  const folder = written(environment, 'XDG_CONFIG_HOME') ?? (home === null ? null : join(home, '.config'));
  return folder === null ? null : join(folder, 'orrery');
}

/** Also a link that leads nowhere: who made it meant a file, and is told that it is missing. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** An empty variable counts as one that is not set. */
function written(environment: Environment, name: string): string | null {
  return environment[name] || null;
}
