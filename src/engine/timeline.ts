import type { CandleSeries, EpochMs, Instrument } from '../core/index.ts';
import { closeTime } from '../core/index.ts';

/** One instrument's part in a run: bars `from` (inclusive) to `to` (exclusive) are decided on; earlier ones warm up. */
export interface Market {
  readonly instrument: Instrument;
  readonly series: CandleSeries;
  readonly from: number;
  readonly to: number;
}

export interface Instant {
  readonly at: EpochMs;
  /** The instruments with a bar that closes now, by symbol. */
  readonly bars: readonly { readonly market: Market; readonly index: number }[];
}

/**
 * The instants at which bars close, oldest first. An instrument without a bar at an instant has no part in it:
 * nothing is filled forward.
 * @param after instants up to and including this one are left out
 */
export function* timeline(
  markets: readonly Market[],
  after: EpochMs = Number.NEGATIVE_INFINITY,
): Generator<Instant> {
  const ordered = [...markets].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1));
  const next = ordered.map((market) => {
    let index = market.from;
    while (index < market.to && closeTime(market.series, index) <= after) index++;
    return index;
  });
  for (;;) {
    let at = Number.POSITIVE_INFINITY;
    ordered.forEach((market, slot) => {
      if (next[slot]! < market.to) at = Math.min(at, closeTime(market.series, next[slot]!));
    });
    if (at === Number.POSITIVE_INFINITY) return;
    const bars: { market: Market; index: number }[] = [];
    ordered.forEach((market, slot) => {
      const index = next[slot]!;
      if (index >= market.to || closeTime(market.series, index) !== at) return;
      bars.push({ market, index });
      next[slot] = index + 1;
    });
    yield { at, bars };
  }
}

/** Bars of all instruments in range. */
export function barCount(markets: readonly Market[]): number {
  return markets.reduce((sum, market) => sum + market.to - market.from, 0);
}

/** Index of the first bar that opens at or after `at`; the length where there is none. */
export function firstBarFrom({ openTime }: CandleSeries, at: EpochMs): number {
  let low = 0;
  let high = openTime.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openTime[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
