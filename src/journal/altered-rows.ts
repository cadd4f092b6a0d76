import { isTime, OrreryError } from '../core/index.ts';

const altered = 'is not what was stored';

/** Rows that are not as this program wrote them: somebody changed them, or the disk did. `what` names the record or run. */
export function alteredRows(what: string, cause?: unknown): OrreryError {
  return new OrreryError('database-failed', `${what} ${altered}`, {
    hint: 'Its rows were changed or damaged. Restore the database from a backup, or run the desk again.',
    cause,
    retryable: false,
  });
}

export function isAlteredRows(thrown: unknown): thrown is OrreryError {
  return (
    thrown instanceof OrreryError && thrown.code === 'database-failed' && thrown.message.endsWith(altered)
  );
}

/** For columns of a few words only: which. Complete, or it does not compile. */
export type ColumnWords<Row> = {
  readonly [Column in keyof Row]?: { readonly [word in Row[Column] & string]: true };
};

/**
 * The database holds columns to their types alone. A row of ours has only finite numbers, times the calendar reaches
 * (columns named `at` or `…_at`), and words it knows.
 * @param what names the row, for the error
 * @throws OrreryError `database-failed`
 */
export function checkRow<Row extends object>(row: Row, words: ColumnWords<Row>, what: () => string): Row {
  for (const column in row) {
    if (!Object.hasOwn(row, column)) continue;
    const value: unknown = row[column];
    const known = words[column];
    const isIntact =
      typeof value === 'number'
        ? Number.isFinite(value) && (!/^(?:.*_)?at$/.test(column) || isTime(value))
        : known === undefined || (typeof value === 'string' && Object.hasOwn(known, value));
    if (!isIntact) throw alteredRows(what());
  }
  return row;
}
