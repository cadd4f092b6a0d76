import { isoTime } from '../core/index.ts';
import { type Ask, type Asked, askedOf, type Played } from './check-asks.ts';
import { type CheckFinding, findingAt } from './check-finding.ts';
import { stretchOf, strikeOut, unknownFutures, withOtherFuture } from './check-futures.ts';
import type { Market } from './timeline.ts';

/** What a strategy asks for on candles of its own, which it cannot read once the run is over. */
export function askedOnCopy(played: Played, market: Market): Asked {
  const candles = stretchOf(market.series, 0, market.series.length);
  const asked = askedOf(played, { ...market, series: candles });
  strikeOut(candles);
  return asked;
}

/**
 * Bars whose orders are others when a strategy that has kept the candles of its lines finds other prices there: it reads
 * what it kept. Whether it reads bars that have closed or bars to come, a cut right behind tells.
 */
export function suspiciousBars(played: Played, market: Market, known: Asked): readonly number[] {
  const lines = Object.values(played.strategy.indicators(played.params));
  if (!lines.some((line) => typeof line === 'function')) return [];
  const expected = new Set(known.asks.map(written));
  return ([1, -1] as const).flatMap((towards) => {
    const candles = stretchOf(market.series, 0, market.series.length);
    const disguised = askedOf(played, { ...market, series: candles }, (given) =>
      withOtherFuture(given, 0, towards),
    );
    const others = new Set(disguised.asks.map(written));
    const differing = [
      ...known.asks.filter((ask) => !others.has(written(ask))),
      ...disguised.asks.filter((ask) => !expected.has(written(ask))),
    ];
    return [...new Set(differing.map(({ bar }) => bar))].sort((a, b) => a - b);
  });
}

function written({ bar, words }: Ask): string {
  return `${bar} ${words}`;
}

/**
 * Plays the strategy up to each cut, without the candles behind it and with others in their place: what it asks for must
 * be what it asked for with all of them. Finds what lines do not show, such as candles kept from one call to another.
 */
export function findPeekingOrders(
  played: Played,
  market: Market,
  known: Asked,
  cuts: readonly number[],
): readonly CheckFinding[] {
  const { series } = market;
  const finding = (bar: number, detail: string): readonly CheckFinding[] => [
    findingAt(series, bar, { kind: 'look-ahead', subject: 'next', detail }),
  ];
  const again = () => firstDifference(known, askedOnCopy(played, market), market.to);
  const unsteady = again();
  if (unsteady !== null) return finding(unsteady.bar, keeping);
  let earliest: (Difference & { readonly future: Future; readonly cut: number }) | null = null;
  for (const cut of cuts) {
    for (const future of unknownFutures) {
      const difference = firstDifference(known, askedBehind(played, market, cut, future), cut);
      if (difference !== null && (earliest === null || difference.bar < earliest.bar))
        earliest = { ...difference, future, cut };
    }
  }
  if (earliest === null) return [];
  const { bar, before, after, future, cut } = earliest;
  // After runs that ended otherwise, what is kept from one run to the next shows as well, and explains all the rest.
  const kept = again();
  if (kept !== null) return finding(kept.bar, keeping);
  const repeated = firstDifference(known, askedBehind(played, market, cut, future), cut);
  if (repeated?.bar !== bar || repeated.after !== after) return finding(bar, keeping);
  const when = `when what follows from ${isoTime(series.openTime[cut]!)} on ${future.words}`;
  return finding(bar, `orders depend on later bars: ${before} becomes ${after} ${when}`);
}

const keeping =
  'two runs over the same candles ask for different orders: it keeps something from one run to the next, such as in a variable of its file, or draws lots, so that nothing it gives can be trusted';

type Future = (typeof unknownFutures)[number];

function askedBehind(played: Played, market: Market, cut: number, { behind }: Future): Asked {
  const candles = behind(market.series, cut);
  const asked = askedOf(played, { ...market, series: candles, to: cut });
  strikeOut(candles);
  return asked;
}

interface Difference {
  readonly bar: number;
  readonly before: string;
  readonly after: string;
}

/** Among what was asked for before bar `end`. */
function firstDifference(known: Asked, other: Asked, end: number): Difference | null {
  const expected = known.asks.filter(({ bar }) => bar < end);
  const length = Math.max(expected.length, other.asks.length);
  for (let place = 0; place < length; place++) {
    const [one, two] = [expected[place], other.asks[place]];
    if (one?.bar === two?.bar && one?.words === two?.words) continue;
    const bar = Math.min(one?.bar ?? end, two?.bar ?? end, other.failure?.bar ?? end);
    return {
      bar,
      before: wordsAt(bar, one),
      after: other.failure?.bar === bar ? 'a failure' : wordsAt(bar, two),
    };
  }
  return other.failure === null ? null : { bar: other.failure.bar, before: 'no order', after: 'a failure' };
}

function wordsAt(bar: number, ask: Ask | undefined): string {
  return ask?.bar === bar ? `"${ask.words}"` : 'no order';
}
