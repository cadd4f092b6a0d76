import { listNamedFiles, type NamedFile, readYaml, readYamlText, resolveNamedFile } from '../yaml/index.ts';
import { type CheckMoon, deskSchema } from './desk-schema.ts';
import type { DeskSpec } from './desk-spec.ts';

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

export type DeskFile = NamedFile;

/** The desks of these folders by name; where two bear one name the earlier folder's counts. Absent folders hold none. */
export function listDesks(searchFolders: readonly string[]): readonly DeskFile[] {
  return listNamedFiles(searchFolders);
}

/**
 * The file of a desk, by its name or a path.
 * @throws OrreryError `desk-not-found` with the nearest name
 */
export function resolveDesk(nameOrPath: string, searchFolders: readonly string[]): string {
  return resolveNamedFile(
    { word: 'desk', folder: 'desks', notFound: 'desk-not-found' },
    nameOrPath,
    searchFolders,
  );
}
