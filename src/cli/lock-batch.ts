import { OrreryError } from '../core/index.ts';
import { takeHomeLock } from '../storage/index.ts';

/**
 * Keeps other batches from a file of results until it is called: two would do everything twice, and one would cut off what the other is
 * writing. A dead process's lock is taken over.
 * @param name as the person named the file
 * @throws OrreryError `home-locked`; `usage-invalid` where nothing can be written beside it
 */
export async function lockBatch(file: string, name: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  const attempt = await takeHomeLock(path, { holder: 'orrery invoke', access: 'own' }).catch((cause) => {
    if (!(cause instanceof OrreryError) || cause.code !== 'database-failed') throw cause;
    throw new OrreryError('usage-invalid', `${name} cannot be written: there is no place for ${path}`, {
      hint: 'Name a file in a folder you can write to.',
      cause,
    });
  });
  if (attempt.kind === 'taken') return () => attempt.lock.release();
  throw new OrreryError('home-locked', `another batch is writing ${name} (process ${attempt.by.pid})`, {
    hint: `Wait for it or stop it, or give another --out. If no such process exists, delete ${path}.`,
  });
}
