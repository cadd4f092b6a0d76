import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearestWord, OrreryError } from '../core/index.ts';
import { readYaml, readYamlText } from '../yaml/index.ts';
import { type CheckMoon, deskSchema } from './desk-schema.ts';
import type { DeskSpec } from './desk-spec.ts';

const deskEnding = /\.ya?ml$/;
const hint = 'docs/desk-file.md lists every key and what it takes.';

/**
 * Checks a desk's text against `docs/desk-file.md`.
 * @throws OrreryError `desk-invalid`, `agents-invalid`, or what `checkMoon` throws; each with file, line and column.
 */
export function readDesk(text: string, file: string, checkMoon: CheckMoon): DeskSpec {
  return readYaml({ text, file, schema: deskSchema(checkMoon), code: 'desk-invalid', hint });
}

/** A desk with the text it was read from, which a run keeps. */
export interface OpenDesk {
  readonly file: string;
  readonly text: string;
  readonly spec: DeskSpec;
}

/** {@link readDesk} on a file. @throws OrreryError also `file-not-found` and `file-unreadable` */
export function readDeskFile(file: string, checkMoon: CheckMoon): OpenDesk {
  const text = readYamlText({ file, code: 'desk-invalid', hint });
  return { file, text, spec: readDesk(text, file, checkMoon) };
}

export interface DeskFile {
  /** What a person types: the file's name without its ending. */
  readonly name: string;
  readonly file: string;
}

/** The desks of these folders by name; where two bear one name the earlier folder's counts. Absent folders hold none. */
export function listDesks(searchFolders: readonly string[]): readonly DeskFile[] {
  const desks = new Map<string, DeskFile>();
  for (const folder of searchFolders) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const entry of readdirSync(folder).sort()) {
      const name = entry.replace(deskEnding, '');
      if (name === entry || desks.has(name)) continue;
      desks.set(name, { name, file: join(folder, entry) });
    }
  }
  return [...desks.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The file of a desk: `solar` is looked up in the folders in turn; a path is taken as it is, except that
 * `desks/solar.yaml`, where there is no such file, means `solar`.
 * @throws OrreryError `desk-not-found` with the nearest name
 */
export function resolveDesk(nameOrPath: string, searchFolders: readonly string[]): string {
  const desks = listDesks(searchFolders);
  const isName = basename(nameOrPath) === nameOrPath && !deskEnding.test(nameOrPath);
  if (!isName && existsSync(nameOrPath)) return nameOrPath;
  const name = basename(nameOrPath).replace(deskEnding, '');
  const meansName = isName || basename(dirname(nameOrPath)) === 'desks';
  const found = meansName ? desks.find((desk) => desk.name === name) : undefined;
  if (found !== undefined) return found.file;
  if (existsSync(nameOrPath)) return nameOrPath;
  const names = desks.map((desk) => desk.name);
  const nearest = nearestWord(name, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  throw new OrreryError('desk-not-found', `there is no desk \`${nameOrPath}\`${suggestion}`, {
    hint: `Desks: ${names.join(', ') || 'none'}. A path to a YAML file works too.`,
  });
}
