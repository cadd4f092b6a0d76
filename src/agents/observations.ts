import type { CandleSeries, Clock, EpochMs, NewsItem } from '../core/index.ts';
import { closeTime, isoTime, OrreryError } from '../core/index.ts';
import { createMoonReader, type Moon, type Reading } from './moons/index.ts';

/** One item with its tone. */
export interface ScoredItem {
  readonly item: NewsItem;
  /** −1 … 1 */
  readonly score: number;
}

/**
 * What agents may look at. Nothing later than the clock gets through: whoever reads past it, by whatever mistake, gets
 * `future-read` and ends the run.
 */
export interface Observations {
  /** The moons' values at the close of bar `index`. */
  readings(symbol: string, index: number, moons: readonly Moon[]): readonly Reading[];
  /** Items known at `at` and not older than `maxAgeMs`, newest first; null when the run has no news at all. */
  news(symbol: string, at: EpochMs, maxAgeMs: number): readonly ScoredItem[] | null;
  /** Something about the symbol was known before, however old. */
  hadNews(symbol: string, at: EpochMs): boolean;
}

/** What a run can be observed by. */
export interface ObservedMarket {
  readonly series: readonly CandleSeries[];
  /** Sorted by `knownAt`; null without a source. */
  readonly news: readonly NewsItem[] | null;
  readonly clock: Clock;
  /** Rates a text, −1 … 1. */
  score(text: string): number;
}

export function createObservations({ series, news, clock, score }: ObservedMarket): Observations {
  const bySymbol = new Map(series.map((one) => [one.symbol, one]));
  const reader = createMoonReader();
  const items = new Map<string, NewsItem[]>();
  for (const item of news ?? []) {
    for (const symbol of item.symbols) {
      const list = items.get(symbol);
      if (list === undefined) items.set(symbol, [item]);
      else list.push(item);
    }
  }
  // Scoring a text takes longer than all moons of a bar, so it waits until somebody reads the item.
  const scores = new Map<NewsItem, number>();
  const scoreOnce = (item: NewsItem): number => {
    const known = scores.get(item) ?? score(item.text);
    scores.set(item, known);
    return known;
  };
  return {
    readings(symbol, index, moons) {
      const own = bySymbol.get(symbol);
      if (own === undefined || index >= own.length || closeTime(own, index) > clock.now()) {
        throw futureRead(`bar ${index} of ${symbol}`, clock);
      }
      return reader.readings(own, index, moons);
    },
    news(symbol, at, maxAgeMs) {
      if (news === null) return null;
      if (at > clock.now()) throw futureRead(`news of ${isoTime(at)}`, clock);
      const own = items.get(symbol) ?? [];
      const found: ScoredItem[] = [];
      for (let index = knownCount(own, at) - 1; index >= 0; index--) {
        const item = own[index]!;
        if (item.knownAt <= at - maxAgeMs) break;
        found.push({ item, score: scoreOnce(item) });
      }
      return found;
    },
    hadNews: (symbol, at) => knownCount(items.get(symbol) ?? [], at) > 0,
  };
}

function futureRead(what: string, clock: Clock): OrreryError {
  return new OrreryError('future-read', `${what} is not known at ${isoTime(clock.now())}`, {
    hint: 'An agent looked into the future; this is a fault in its code.',
  });
}

/** How many items are known at `at`; by bisection, as `knownAt` is sorted. */
function knownCount(items: readonly NewsItem[], at: EpochMs): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]!.knownAt <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
