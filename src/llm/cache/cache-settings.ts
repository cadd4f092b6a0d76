import type { Timeframe } from '../../core/index.ts';

/** The `llm.cache` section of the configuration. */
export interface CacheSettings {
  /** `memory` lasts as long as the run, `database` as long as the journal, `redis` is that of `$REDIS_URL`. */
  readonly store: 'memory' | 'database' | 'redis';
  /** How old an answer may be, on the desk's clock; default `1h`. */
  readonly ttl?: Timeframe;
  /** Not of `redis`, which has bounds of its own; default 100000. */
  readonly maxEntries?: number;
}

export const defaultTtl: Timeframe = '1h';
export const defaultMaxEntries = 100_000;
