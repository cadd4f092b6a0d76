import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { nearestWord, OrreryError } from '../core/index.ts';
import type { EnsembleFiles } from '../ensemble/index.ts';

/** A command as its words were found: files by their absolute paths. */
export interface ScriptCommand {
  /** Null when there is no such program. */
  readonly file: string | null;
  readonly args: readonly string[];
}

/**
 * `node` is the one that runs this. Another word without a dot or a slash is a program on `path`; one with them a file, if the ensemble
 * finds it. Of the other words, too, those with a dot or a slash are files: `npm run test` shall not become the path of a file `test`.
 * @throws OrreryError `file-not-found` for an interpreter whose script is nowhere
 */
export function findCommand(
  [first = '', ...rest]: readonly string[],
  files: EnsembleFiles,
  path: string | undefined,
): ScriptCommand {
  const found = (word: string) => (looksLikePath(word) ? files.find(word) : null);
  refuseMissingScript(first, rest, files);
  return {
    file: findProgram(first, found(first), files, path),
    args: rest.map((word) => found(word) ?? word),
  };
}

const interpreters: ReadonlySet<string> = new Set('node python python3 bash sh ruby deno bun tsx'.split(' '));
const scriptEnding = /^[^-\s][^\s]*\.(?:[cm]?[jt]s|[jt]sx|py|sh|bash|rb)$/;

/** Its word for a script. After an option a word may be anything. */
function refuseMissingScript(program: string, rest: readonly string[], files: EnsembleFiles): void {
  if (!interpreters.has(program)) return;
  const runs = (program === 'deno' || program === 'bun') && rest[0] === 'run';
  const script = rest[runs ? 1 : 0] ?? '';
  if (!scriptEnding.test(script) || script.includes('://') || files.find(script) !== null) return;
  if (isFile(resolve(files.folder, script))) return;
  const nearest = nearestWord(basename(script), namesIn(resolve(files.folder, dirname(script))));
  const suggestion = nearest === null ? '' : `; did you mean \`${join(dirname(script), nearest)}\`?`;
  throw new OrreryError('file-not-found', `there is no file ${script}${suggestion}`, {
    hint: 'A relative path begins beside the ensemble, or where the command is given.',
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Words may be whole programs, as of `node -e`, which are too long for a path to be asked for. */
function looksLikePath(word: string): boolean {
  return /^(?!-)[^\n]*[./]/.test(word) && word.length < 256 && !isAbsolute(word);
}

function findProgram(
  word: string,
  found: string | null,
  { folder }: EnsembleFiles,
  path: string | undefined,
): string | null {
  if (word === 'node') return process.execPath;
  if (found !== null) return found;
  if (word.includes('/')) return isFile(resolve(folder, word)) ? resolve(folder, word) : null;
  const candidates = (path ?? '').split(delimiter).map((place) => resolve(folder, join(place, word)));
  return candidates.find((file) => isFile(file) && isExecutable(file)) ?? null;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The SHA-256 of each file among the words; of the Node.js that runs this its version. */
export function contentOf({ file, args }: ScriptCommand, folder: string): readonly string[] {
  const program = file === process.execPath ? `node ${process.version} ${process.arch}` : hashOf(file ?? '');
  return [program, ...args.map((word) => hashOf(resolve(folder, word)))];
}

/** Of files so large that reading them again and again is felt, while nothing about them changes. */
const hashes = new Map<string, string>();
const largeBytes = 1_000_000;
const mostHashes = 100;

/** Empty for what is no file. */
function hashOf(path: string): string {
  if (!isFile(path)) return '';
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
  if (size < largeBytes) return readHash(path);
  const identity = [path, size, mtimeNs, ctimeNs, ino].join(' ');
  const known = hashes.get(identity);
  if (known !== undefined) return known;
  const hash = readHash(path);
  if (hashes.size === mostHashes) hashes.clear();
  hashes.set(identity, hash);
  return hash;
}

/** Unreadable is empty, too: that a program may not read it either shows when it runs. */
function readHash(path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(largeBytes);
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    for (let length = -1; length !== 0; ) {
      length = readSync(file, piece, 0, piece.length, null);
      hash.update(piece.subarray(0, length));
    }
    return hash.digest('hex');
  } catch {
    return '';
  } finally {
    if (file !== null) closeSync(file);
  }
}
