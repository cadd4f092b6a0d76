import { OrreryError } from '../core/index.ts';

/** What a database driver threw, as the error users meet. Drivers put no connection string into their messages. */
export function databaseFailure(thrown: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  // A refused connection arrives as an AggregateError without words of its own.
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OrreryError('database-failed', `The database failed: ${message}`, {
    hint: 'With DATABASE_URL set, see that the server runs and accepts that user; otherwise see that the disk is not full.',
    cause: thrown,
  });
}
