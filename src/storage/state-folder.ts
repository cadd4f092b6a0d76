import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrreryError } from '../core/index.ts';

/**
 * Makes a folder with those above it; one that is there is left as it is. Node's own `recursive` never returns where
 * a folder that exists says of a new one that there is no such place, as those of `/proc` do.
 * @throws the file system's error
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have been quicker.
    if (!isFolder(path)) throw error;
  }
}

/**
 * Makes a folder for state, which is its owner's alone.
 * @throws OrreryError `database-failed`
 */
export function makeStateFolder(path: string): void {
  try {
    makeFolder(path, 0o700);
  } catch (error) {
    throw stateFolderFailure(path, 'made', error);
  }
}

/** What keeps a folder of state from being used, as the error users meet. */
export function stateFolderFailure(path: string, use: 'made' | 'written', cause: unknown): OrreryError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new OrreryError('database-failed', `The state folder ${path} cannot be ${use}${reason}`, {
    hint: 'Set ORRERY_HOME to a folder you can write to.',
    cause,
    retryable: false,
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
