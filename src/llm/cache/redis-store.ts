import { type AnswerStore, readAnswerOf, writeAnswer } from './answer-store.ts';

const patienceMs = 1_000;
const weekMs = 7 * 24 * 3_600_000;

/**
 * The Redis at a URL, connected to at the first question. While it cannot be reached each call fails at once or within a second,
 * and the client goes on trying. What nobody kept anew for a week is dropped, or for `ttlMs` where that is longer: ages are on the
 * desk's clock, which Redis does not know.
 */
export function createRedisStore(url: string, ttlMs: number): AnswerStore {
  let opened: Promise<Client> | null = null;
  const client = async () => {
    opened ??= connect(url);
    return await opened;
  };
  return {
    async find(key) {
      const written = await patiently((await client()).get(key));
      return written === null ? null : readAnswerOf(written);
    },
    async keep(key, answer) {
      const expiration = { type: 'PX', value: Math.max(ttlMs, weekMs) } as const;
      await patiently((await client()).set(key, writeAnswer(answer), { expiration }));
    },
    async close() {
      const open = await opened;
      if (open?.isOpen) open.destroy();
    },
  };
}

type Client = Awaited<ReturnType<typeof connect>>;

/** Loaded only here: 12 MB that nobody else needs. Resolves when the first try to connect has ended, whichever way, or takes too long. */
async function connect(url: string) {
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    keyPrefix: 'orrery:answer:',
    disableOfflineQueue: true,
    socket: {
      connectTimeout: patienceMs,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 10_000),
    },
  });
  await new Promise<void>((resolve) => {
    setTimeout(resolve, patienceMs).unref();
    client.on('error', () => resolve());
    client.once('ready', () => resolve());
    // Rejects when the store is closed meanwhile; what fails besides is said by the commands.
    client.connect().catch(() => resolve());
  });
  return client;
}

/** The client sets no limit to a server that takes a command and is silent. */
function patiently<Result>(command: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const silent = () => reject(new Error(`Redis gave no answer within ${patienceMs} ms`));
    const timer = setTimeout(silent, patienceMs);
    command.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
