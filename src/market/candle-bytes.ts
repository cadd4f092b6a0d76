import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OrreryError } from '../core/index.ts';

/** A file as it lies on the disk; `file` is absolute. */
export interface CandleBytes {
  readonly file: string;
  readonly bytes: Buffer;
}

/** @throws OrreryError `file-not-found`; `file-unreadable` for a folder, a device, or what the system does not let us read */
export async function readCandleBytes(shown: string): Promise<CandleBytes> {
  const file = resolve(shown);
  try {
    const found = await stat(file);
    if (!found.isFile()) throw refuseKind(shown, found.isDirectory() ? 'a folder' : 'not a regular file');
    return { file, bytes: await readFile(file) };
  } catch (thrown) {
    throw thrown instanceof OrreryError ? thrown : translate(shown, thrown);
  }
}

/** SHA-256 of the whole file, hexadecimal. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refuseKind(file: string, what: string): OrreryError {
  return new OrreryError('file-unreadable', `${file} is ${what}`, {
    hint: 'Name one file with candles.',
  });
}

function translate(file: string, thrown: unknown): OrreryError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OrreryError('file-not-found', `${file} does not exist`, {
      hint: `Check the path; a relative one starts in ${process.cwd()}.`,
      cause: thrown,
    });
  }
  const reason = code === 'ERR_FS_FILE_TOO_LARGE' ? 'it is larger than 2 GiB' : code || String(thrown);
  return new OrreryError('file-unreadable', `${file} cannot be read: ${reason}`, {
    hint:
      code === 'EACCES'
        ? 'Check the permissions of the file and its folder.'
        : 'Try another copy of the file.',
    cause: thrown,
  });
}
