import { createClient } from '@redis/client';
import { test } from 'vitest';

/** The address of the server that tests may write to. */
export const redisServer = process.env['ORRERY_TEST_REDIS'] ?? 'redis://127.0.0.1:6379';
const answers = await withRedis(
  (client) => client.ping(),
  () => false,
);
const skipped = answers === false && process.env['ORRERY_TEST_REQUIRE'] !== 'all';
if (skipped) console.warn(`skipped: no Redis answers at ${redisServer} (set ORRERY_TEST_REDIS)`);

/** Tests that need the server of `$ORRERY_TEST_REDIS`. Each removes what it kept there. */
export const testOnRedis = test.skipIf(skipped);

/** Removes from the server what bears one of these names. */
export async function removeFromRedis(keys: readonly string[]): Promise<void> {
  if (!skipped && keys.length > 0) await withRedis((client) => client.del([...keys]));
}

type Client = ReturnType<typeof createRedisClient>;

function createRedisClient() {
  return createClient({ url: redisServer, socket: { connectTimeout: 2_000, reconnectStrategy: false } });
}

async function withRedis<Result>(
  work: (client: Client) => Promise<Result>,
  otherwise: (cause: unknown) => false = (cause) => {
    throw cause;
  },
): Promise<Result | false> {
  const client = createRedisClient();
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (cause) {
    return otherwise(cause);
  } finally {
    if (client.isOpen) client.destroy();
  }
}
