import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
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
 */
export function findCommand(
  [first = '', ...rest]: readonly string[],
  files: EnsembleFiles,
  path: string | undefined,
): ScriptCommand {
  const found = (word: string) => (looksLikePath(word) ? files.find(word) : null);
  return {
    file: findProgram(first, found(first), files, path),
    args: rest.map((word) => found(word) ?? word),
  };
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
