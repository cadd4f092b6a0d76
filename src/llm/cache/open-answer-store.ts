import { type Notices, OrreryError, timeframeMs } from '../../core/index.ts';
import type { Environment } from '../llm-settings.ts';
import type { AnswerStore } from './answer-store.ts';
import { type CacheSettings, defaultMaxEntries, defaultTtl } from './cache-settings.ts';
import { type CacheDatabase, createDatabaseStore } from './database-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRedisStore } from './redis-store.ts';

export interface AnswerStorePorts {
  readonly environment: Environment;
  readonly database: CacheDatabase;
  readonly notices: Notices;
}

/**
 * The store that the settings name. It never fails: what goes wrong is said once, and then it holds nothing.
 * @throws OrreryError `configuration-invalid` as {@link redisUrl} does
 */
export function openAnswerStore(settings: CacheSettings, ports: AnswerStorePorts): AnswerStore {
  return forgiving(settings.store, createStore(settings, ports), ports.notices);
}

function createStore(settings: CacheSettings, { environment, database }: AnswerStorePorts): AnswerStore {
  const { store, ttl = defaultTtl, maxEntries = defaultMaxEntries } = settings;
  switch (store) {
    case 'memory':
      return createMemoryStore(maxEntries);
    case 'database':
      return createDatabaseStore(database, maxEntries);
    case 'redis':
      return createRedisStore(redisUrl(environment), timeframeMs(ttl));
  }
}

/**
 * Where the shared cache is; holds a password, so never print it.
 * @throws OrreryError `configuration-invalid` when `$REDIS_URL` is not set or no address of a Redis
 */
export function redisUrl(environment: Environment): string {
  const url = environment['REDIS_URL'] || null;
  const protocol = url !== null && URL.canParse(url) ? new URL(url).protocol : null;
  if (url !== null && (protocol === 'redis:' || protocol === 'rediss:')) return url;
  throw new OrreryError(
    'configuration-invalid',
    `llm.cache.store is redis, and $REDIS_URL is ${url === null ? 'not set' : 'no address of a Redis'}`,
    { hint: 'Set it, for example to redis://127.0.0.1:6379, or choose the store memory or database.' },
  );
}

function forgiving(name: string, store: AnswerStore, notices: Notices): AnswerStore {
  let warned = false;
  const warn = (cause: unknown) => {
    if (warned) return;
    warned = true;
    const reason = cause instanceof Error ? cause.message : String(cause);
    notices.warn(`the cache of answers (${name}) does not work, so models are asked instead: ${reason}`);
  };
  return {
    find: (key) =>
      store.find(key).catch((cause: unknown) => {
        warn(cause);
        return null;
      }),
    keep: (key, answer) => store.keep(key, answer).catch(warn),
    close: () => store.close().catch(warn),
  };
}
