import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ErrorCode, nearestWord, OrreryError } from '../core/index.ts';

const ending = /\.ya?ml$/;

export interface NamedFile {
  /** What a person types: the file's name without its ending. */
  readonly name: string;
  readonly file: string;
}

/** What kind of files these are, in errors and paths. */
export interface NamedKind {
  /** Such as `desk`. */
  readonly word: string;
  /** The folder they lie in, such as `desks`. */
  readonly folder: string;
  readonly notFound: ErrorCode;
}

/** The YAML files of these folders by name; where two bear one name the earlier folder's counts. Absent folders hold none. */
export function listNamedFiles(searchFolders: readonly string[]): readonly NamedFile[] {
  const files = new Map<string, NamedFile>();
  for (const folder of searchFolders) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const entry of readdirSync(folder).sort()) {
      const name = entry.replace(ending, '');
      if (name === entry || files.has(name)) continue;
      files.set(name, { name, file: join(folder, entry) });
    }
  }
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The file somebody means: `solar` is looked up in the folders in turn; a path is taken as it is, except that
 * `desks/solar.yaml`, where there is no such file, means `solar`.
 * @throws OrreryError `kind.notFound` with the nearest name
 */
export function resolveNamedFile(
  { word, folder, notFound }: NamedKind,
  nameOrPath: string,
  searchFolders: readonly string[],
): string {
  const files = listNamedFiles(searchFolders);
  const isName = basename(nameOrPath) === nameOrPath && !ending.test(nameOrPath);
  if (!isName && existsSync(nameOrPath)) return nameOrPath;
  const name = basename(nameOrPath).replace(ending, '');
  const meansName = isName || basename(dirname(nameOrPath)) === folder;
  const found = meansName ? files.find((one) => one.name === name) : undefined;
  if (found !== undefined) return found.file;
  if (existsSync(nameOrPath)) return nameOrPath;
  const names = files.map((one) => one.name);
  const nearest = nearestWord(name, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  throw new OrreryError(notFound, `there is no ${word} \`${nameOrPath}\`${suggestion}`, {
    hint: `${word[0]!.toUpperCase()}${word.slice(1)}s: ${names.join(', ') || 'none'}. A path to a YAML file works too.`,
  });
}
