import { isoTime } from '../core/index.ts';
import { type Ask, type Asked, askedOf, type Played } from './check-asks.ts';
import { type CheckFinding, findingAt } from './check-finding.ts';
import { stretchOf, strikeOut, unknownFutures } from './check-futures.ts';
import type { Market } from './timeline.ts';

/** What a strategy asks for on candles of its own, which it cannot read once the run is over. */
export function askedOnCopy(played: Played, market: Market): Asked {
  const candles = stretchOf(market.series, 0, market.series.length);
  const asked = askedOf(played, { ...market, series: candles });
  strikeOut(candles);
  return asked;
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
  const again = firstDifference(known, askedOnCopy(played, market), market.to);
  if (again !== null) {
    const why =
      'it keeps something from one run to the next, or draws lots, so that nothing it gives can be trusted';
    return finding(again.bar, `two runs over the same candles ask for different orders: ${why}`);
  }
  const differences = cuts.flatMap((cut) =>
    unknownFutures.flatMap(({ words, behind }) => {
      const candles = behind(series, cut);
      const asked = askedOf(played, { ...market, series: candles, to: cut });
      strikeOut(candles);
      const difference = firstDifference(known, asked, cut);
      return difference === null
        ? []
        : [{ ...difference, future: `from ${isoTime(series.openTime[cut]!)} on ${words}` }];
    }),
  );
  const [earliest, ...others] = differences;
  if (earliest === undefined) return [];
  const { bar, before, after, future } = others.reduce(
    (first, one) => (one.bar < first.bar ? one : first),
    earliest,
  );
  return finding(bar, `orders depend on later bars: ${before} becomes ${after} when what follows ${future}`);
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
