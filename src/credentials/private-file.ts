import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { OrreryError } from '../core/index.ts';
import { stateFolderFailure } from '../storage/index.ts';

/** More than any number of keys takes; what is larger is not ours. */
const largest = 1_000_000;

/**
 * The text of a file that is its owner's alone, or null when there is none.
 * @throws OrreryError `credentials-exposed` when others could read it or put another in its place, `credentials-damaged`
 */
export function readPrivateFile(path: string): string | null {
  const there = reading(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (there === undefined) return null;
  checkPrivateFolder(dirname(path));
  if (!there.isFile()) throw exposed(`${path} is a link or no file at all`, 'Put a plain file there.');
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  return reading(path, () => {
    // What was looked at may have been exchanged since, so the open file is what is judged.
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fstatSync(file);
      checkPrivate(path, found);
      if (!found.isFile() || found.size > largest) throw damaged(path, 'it is no file of credentials');
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Writes it for its owner alone, whole or not at all. Who writes the same file at the same time has to be kept away.
 * @throws OrreryError `credentials-exposed`, `database-failed`
 */
export function writePrivateFile(path: string, text: string): void {
  checkPrivateFolder(dirname(path));
  const draft = `${path}.draft`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(draft, path);
    flushFolder(dirname(path));
  } catch (cause) {
    rmSync(draft, { force: true });
    throw stateFolderFailure(dirname(path), 'written', cause);
  }
}

/** What is in a file of ours and cannot be used. */
export function damaged(path: string, reason: string, hint?: string): OrreryError {
  return new OrreryError('credentials-damaged', `${path} cannot be used: ${reason}`, {
    hint:
      hint ?? 'Restore it from a backup, or delete it and store the keys anew with: orrery auth set PROVIDER',
  });
}

/** @throws OrreryError `credentials-exposed` when others can put files into it */
export function checkPrivateFolder(folder: string): void {
  const found = reading(folder, () => statSync(folder));
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid() && found.uid !== 0) {
    throw exposed(
      `the folder ${folder} belongs to another user`,
      'Keep credentials in a folder of your own.',
    );
  }
  if ((found.mode & 0o022) !== 0) {
    throw exposed(`others can write in the folder ${folder}`, `Close it with: chmod go-w ${quoted(folder)}`);
  }
}

/** Windows has neither owners nor modes of this kind; there the user's own folder is what protects. */
function checkPrivate(path: string, { uid, mode }: Stats): void {
  if (process.getuid === undefined) return;
  if (uid !== process.getuid()) {
    throw exposed(`${path} belongs to another user`, 'Make it yours with chown, or delete it.');
  }
  if ((mode & 0o077) !== 0) {
    throw exposed(`${path} can be read by others`, `Close it with: chmod 600 ${quoted(path)}`);
  }
}

function exposed(message: string, hint: string): OrreryError {
  return new OrreryError('credentials-exposed', message, { hint });
}

function reading<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof OrreryError) throw cause;
    throw damaged(path, reasonOf(cause), 'See that you may read it.');
  }
}

/** A rename is only safe from a power cut once its folder is on the disk; some systems cannot open folders. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
