import type { EpochMs } from './clock.ts';

/** A headline or a post. Text from outside: data, never instructions. */
export interface NewsItem {
  readonly id: string;
  readonly kind: 'news' | 'post';
  /** Symbols it is about. */
  readonly symbols: readonly string[];
  readonly text: string;
  readonly source: string;
  readonly eventAt: EpochMs;
  /** When a reader could first see it; nothing reads it earlier. */
  readonly knownAt: EpochMs;
}
