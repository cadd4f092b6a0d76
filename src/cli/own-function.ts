import { statSync } from 'node:fs';
import { firstLineOf, OrreryError } from '../core/index.ts';
import { runOwnFile } from '../own-code.ts';
import { printAside } from './print-aside.ts';
import { resolvePath } from './terminal-session.ts';

export type OwnFunction = (given: unknown) => Promise<unknown>;

/**
 * The function that a user's file exports by default. What it prints goes to stderr, and it gets a copy of what it is given.
 * @throws OrreryError `file-not-found`, `usage-invalid`
 */
export async function openOwnFunction(path: string): Promise<OwnFunction> {
  const file = resolvePath(path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new OrreryError('file-not-found', `there is no file ${path}`, { hint: 'Check the path.' });
  }
  const exported = await told(path, () => runOwnFile(file));
  if (typeof exported !== 'function') {
    throw refused(path, 'exports no function', 'Write: export default (document) => …');
  }
  return (given) => told(path, () => exported(structuredClone(given)));
}

async function told<Result>(path: string, work: () => Result | Promise<Result>): Promise<Result> {
  const tell = printAside();
  let idle = () => {};
  // Nothing is left that could settle what is waited for: the process would end without a word.
  const stuck = new Promise<never>((_, reject) => {
    idle = () => reject(refused(path, 'waits for a promise that is never settled', 'Settle it.'));
    process.once('beforeExit', idle);
  });
  try {
    return await Promise.race([stuck, (async () => work())()]);
  } catch (cause) {
    if (cause instanceof OrreryError) throw cause;
    throw refused(path, `failed: ${firstLineOf(cause)}`, 'Mend the file; --verbose shows where.', cause);
  } finally {
    process.off('beforeExit', idle);
    tell();
  }
}

function refused(path: string, what: string, hint: string, cause?: unknown): OrreryError {
  return new OrreryError('usage-invalid', `${path} ${what}`, { hint, cause });
}
