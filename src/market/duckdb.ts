import type { DuckDBConnection } from '@duckdb/node-api';
import { OrreryError } from '../core/index.ts';

/** Neither its settings nor a file make it fetch an extension, or anything else, from the network. */
const settings = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/**
 * Runs `work` on a database in memory. The library, 70 MB with its binary, is loaded only here, so that no command pays
 * for it that reads no Parquet.
 *
 * @throws OrreryError `file-unreadable` where the library has no build for this system
 */
export async function withDuckDb<Result>(
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(':memory:', settings);
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

export async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new OrreryError('file-unreadable', 'Parquet cannot be read on this system: DuckDB does not load', {
      hint: 'Use a CSV file, or a system that @duckdb/node-api has a build for.',
      cause,
    });
  }
}

/** A name as SQL takes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What DuckDB complains of: its first line, which names neither query nor place in it. */
export function complaintOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0] ?? '';
}
