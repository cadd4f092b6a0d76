// The only record of what was decided and done. Owns the tables of runs, decisions, orders, fills, trades and equity.
export { alteredRows } from './altered-rows.ts';
export { byInstant } from './by-instant.ts';
export { createJournal } from './create-journal.ts';
export type {
  Journal,
  JournalRecord,
  JournalStep,
  NewRun,
  RecordFilter,
  RunEnd,
  RunRecord,
  RunSummary,
} from './journal.ts';
export { journalMigrations } from './journal-migrations.ts';
export type { MovedRow, MovedTable } from './moved-rows.ts';
export {
  countMovedRows,
  insertEndedRun,
  insertMovedRows,
  movedTables,
  readMovedRows,
  renameMovedRow,
} from './moved-rows.ts';
export { bytesOfBase64, createMovedRowsCheck } from './moved-rows-check.ts';
export type { RunHash } from './run-hash.ts';
export { createRunHash } from './run-hash.ts';
