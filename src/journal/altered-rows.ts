import { OrreryError } from '../core/index.ts';

/** Rows that are not as this program wrote them: somebody changed them, or the disk did. `what` names the record or run. */
export function alteredRows(what: string, cause?: unknown): OrreryError {
  return new OrreryError('database-failed', `${what} is not what was stored`, {
    hint: 'Its rows were changed or damaged. Restore the database from a backup, or run the desk again.',
    cause,
    retryable: false,
  });
}
