import { type Ask, type Asked, askedOf, type Played } from './check-asks.ts';
import { type CheckFinding, findingAt } from './check-finding.ts';
import { strikeOut, withOtherPrices } from './check-futures.ts';
import type { Market } from './timeline.ts';

/** Invented markets that are played. */
const worlds = 8;
/** Fewer orders foretell nothing, however often they are right, and may well be the same on any prices. */
const fewestForetold = 25;
const fewestUnmoved = 10;
/** Standard deviations, and share of orders, by which more are right than by chance. Months and weekdays do not reach it. */
const surely = 5;
const clearly = 0.1;
/** Bars after an order by which it is called right. */
const horizons = [1, 10];

/**
 * Finds a strategy that has its prices from elsewhere than the candles it is given, such as from their file or from an
 * earlier run. On invented prices honest orders know nothing of the real ones: if they foretell those all the same, that
 * is a fault. Orders that are the same on all prices are a note, since a rule of the calendar is that too.
 */
export function findElsewhere(played: Played, market: Market, known: Asked): readonly CheckFinding[] {
  const { series } = market;
  const expected = deeds(known);
  const openings = new Map<number, number>();
  const orders = known.asks.filter(({ verb }) => verb !== 'cancel');
  let unmoved = orders.length >= fewestUnmoved;
  for (let world = 1; world <= worlds; world++) {
    const candles = withOtherPrices(series, world);
    const asked = askedOf(played, { ...market, series: candles });
    strikeOut(candles);
    unmoved &&= deeds(asked) === expected;
    for (const { bar, verb } of asked.asks) {
      const side = verb === 'buy' ? 1 : verb === 'sell' ? -1 : 0;
      const before = openings.get(bar);
      // A bar counts once: the same real move must not be foretold eight times.
      if (side !== 0) openings.set(bar, before === undefined || before === side ? side : 0);
    }
  }
  const finding = (detail: string, severity: CheckFinding['severity']): readonly CheckFinding[] => [
    findingAt(series, known.asks[0]?.bar ?? 0, { kind: 'look-ahead', subject: 'next', detail, severity }),
  ];
  for (const horizon of horizons) {
    const { right, of, certain } = foretold(openings, market, horizon);
    if (certain) return finding(foretelling(right, of, horizon), 'fault');
  }
  return unmoved ? finding(unmovedBy(orders), 'note') : [];
}

function deeds({ asks }: Asked): string {
  return asks.map(({ bar, verb }) => `${bar} ${verb}`).join();
}

/** How many orders were followed by a move of the real candles that pays, and whether that is more than chance would. */
function foretold(openings: ReadonlyMap<number, number>, { series, from, to }: Market, horizon: number) {
  const moves = series.close.map((price, bar) => Math.sign(series.close[bar + horizon]! - price));
  const known = moves.subarray(from, to - horizon);
  const rises = known.filter((move) => move > 0).length / known.filter((move) => move !== 0).length;
  let [of, right, expected, next] = [0, 0, 0, 0];
  for (const [bar, side] of [...openings].sort(([one], [other]) => one - other)) {
    // Moves that overlap are not independent.
    if (side === 0 || bar < next || bar >= to - horizon || moves[bar] === 0) continue;
    next = bar + horizon;
    of++;
    expected += side > 0 ? rises : 1 - rises;
    if (moves[bar] === side) right++;
  }
  const excess = right - expected;
  const deviation = Math.sqrt(of * rises * (1 - rises));
  const certain = of >= fewestForetold && excess >= clearly * of && excess >= surely * deviation;
  return { right, of, certain };
}

function foretelling(right: number, of: number, horizon: number): string {
  const when = horizon === 1 ? 'the next bar' : `${horizon} bars on`;
  return `on invented prices its orders foretell the real ones: ${right} of ${of} are right about ${when}. It knows them from elsewhere than the candles it is given, such as from their file or from an earlier run`;
}

function unmovedBy(asks: readonly Ask[]): string {
  return `asks for the same ${asks.length} orders whatever the prices are: right for a rule of the calendar; else it does not decide by the candles it is given, and where it has its prices from cannot be checked`;
}
