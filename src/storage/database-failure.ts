import { OrreryError } from '../core/index.ts';

/** What a database driver threw, as the error users meet. Drivers put no connection string into their messages. */
export function databaseFailure(thrown: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  return new OrreryError('database-failed', `The database failed: ${reasonOf(thrown)}`, {
    hint: 'With DATABASE_URL set, see that the server runs and accepts that user; otherwise see that the disk is not full.',
    cause: thrown,
  });
}

/** The embedded database in `folder` did not open. */
export function openFailure(folder: string, thrown: unknown): OrreryError {
  return new OrreryError(
    'database-failed',
    `The database in ${folder} cannot be opened: ${reasonOf(thrown)}`,
    {
      hint: 'See that the disk is not full. If the files are damaged, restore them from a backup or set another ORRERY_HOME.',
      cause: thrown,
      retryable: false,
    },
  );
}

function reasonOf(thrown: unknown): string {
  // A refused connection arrives as an AggregateError without words of its own.
  if (thrown instanceof AggregateError) return reasonOf(thrown.errors[0]);
  if (thrown instanceof Error) return thrown.message;
  // The file system inside PGlite throws plain objects with a number.
  if (typeof thrown === 'object' && thrown !== null && 'errno' in thrown) return `file error ${thrown.errno}`;
  return String(thrown);
}
