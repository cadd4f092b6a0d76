import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { OrreryError } from '../core/index.ts';
import {
  listNamedFiles,
  locateInYaml,
  type NamedFile,
  readYaml,
  readYamlText,
  resolveNamedFile,
} from '../yaml/index.ts';
import type { EnsembleSpec } from './agent-spec.ts';
import type { EnsembleFiles, OpenEnsemble } from './ensemble-files.ts';
import { ensembleSchema } from './ensemble-schema.ts';
import type { Runners } from './runner.ts';

const hint = 'docs/ensembles.md lists every key and what it takes.';

/** Where ensembles are looked for. */
export interface EnsembleFolders {
  /** Absolute; where relative paths begin. */
  readonly cwd: string;
  /** The project's, the user's, those that ship; an earlier one wins. */
  readonly folders: readonly string[];
  readonly runners: Runners;
}

/**
 * Checks the text of an ensemble against `docs/ensembles.md`.
 * @throws OrreryError `ensemble-invalid` or `agents-invalid`, each with file, line and column
 */
export function readEnsemble(text: string, file: string, runners: Runners): EnsembleSpec {
  const schema = ensembleSchema(runners);
  const spec = readYaml({ text, file, schema, code: 'ensemble-invalid', hint });
  const locate = locateInYaml(text);
  const agents = spec.agents.map((agent, index) => ({
    ...agent,
    place: `${file}:${locate(['agents', index])}`,
  }));
  return { ...spec, agents };
}

/** The ensembles that can be named, the project's before the user's before those that ship. */
export function listEnsembles(folders: readonly string[]): readonly NamedFile[] {
  return listNamedFiles(folders);
}

/**
 * An ensemble by its name or the path of its file, and the way to the files it names.
 * @throws OrreryError `ensemble-not-found`, `ensemble-invalid`, `agents-invalid`, `file-unreadable`
 */
export function openEnsemble(nameOrPath: string, places: EnsembleFolders): OpenEnsemble & { text: string } {
  const kind = { word: 'ensemble', folder: 'ensembles', notFound: 'ensemble-not-found' } as const;
  const named = isAbsolute(nameOrPath) ? nameOrPath : fromFolder(nameOrPath, places.cwd);
  const file = resolveNamedFile(kind, named, places.folders);
  const text = readYamlText({ file, code: 'ensemble-invalid', hint });
  return {
    file,
    text,
    spec: readEnsemble(text, file, places.runners),
    files: createEnsembleFiles(dirname(resolve(places.cwd, file)), places),
  };
}

/** A path that leads somewhere from the folder; a mere name stays one. */
function fromFolder(nameOrPath: string, folder: string): string {
  const path = resolve(folder, nameOrPath);
  return basename(nameOrPath) !== nameOrPath && existsSync(path) ? path : nameOrPath;
}

/** Files beside an ensemble in `folder`, above it where that is an `ensembles` folder, and where the command was given. */
export function createEnsembleFiles(folder: string, places: EnsembleFolders): EnsembleFiles {
  const above = basename(folder) === 'ensembles' ? [dirname(folder)] : [];
  const searched = [...new Set([folder, ...above, places.cwd])];
  const ships = places.folders.length > 1 && folder === places.folders.at(-1);
  const find = (path: string): string | null => {
    const candidates = isAbsolute(path) ? [path] : searched.map((one) => join(one, path));
    return candidates.find(isFile) ?? null;
  };
  return {
    folder,
    find,
    read(path) {
      const found = find(path);
      if (found === null) {
        throw new OrreryError('file-not-found', `there is no file ${path}`, {
          // Nobody adds a file to what ships.
          hint: `Looked in ${(ships ? searched.toReversed() : searched).join(', ')}.`,
        });
      }
      return readText(found);
    },
    openEnsemble(nameOrPath) {
      const beside = find(nameOrPath) ?? find(`${nameOrPath}.yaml`) ?? find(`${nameOrPath}.yml`);
      const folders = [folder, ...above.map((one) => join(one, 'ensembles')), ...places.folders];
      return openEnsemble(beside ?? nameOrPath, { ...places, folders });
    },
  };
}

/** A name that no file system takes is none either. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OrreryError('file-unreadable', `${file} cannot be read`, {
      hint: 'Check that you may read it.',
      cause,
    });
  }
}
