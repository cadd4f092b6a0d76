// Opens the one database in its folder, guards it and keeps its tables up to date. Knows no table but its own list of migrations.
export type { Database, Session } from './database.ts';
export { takeHomeLock } from './home-lock.ts';
export { inTurn } from './in-turn.ts';
export type { Migration } from './migrate.ts';
export { migrate } from './migrate.ts';
export type { DatabaseOptions } from './open-database.ts';
export { openDatabase } from './open-database.ts';
export { makeFolder, makeStateFolder, stateFolderFailure } from './state-folder.ts';
