import pg from 'pg';
import { afterAll, test } from 'vitest';

const server = process.env['ORRERY_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const answers = await query('select 1').then(
  () => true,
  () => false,
);
const skipped = !answers && process.env['ORRERY_TEST_REQUIRE'] !== 'all';
if (skipped) console.warn(`skipped: no PostgreSQL answers at ${server} (set ORRERY_TEST_POSTGRES)`);

/** Tests that need the server of `$ORRERY_TEST_POSTGRES`. */
export const testOnPostgres = test.skipIf(skipped);

const schemas: string[] = [];

afterAll(async () => {
  for (const schema of schemas) await query(`drop schema ${schema} cascade`);
});

/** The address of an empty schema, dropped after the tests of the file. */
export async function newSchema(): Promise<string> {
  const schema = `orrery_e2e_${process.pid}_${schemas.length + 1}`;
  schemas.push(schema);
  await query(`create schema ${schema}`);
  const url = new URL(server);
  url.searchParams.set('options', `-csearch_path=${schema}`);
  return url.href;
}

async function query(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
