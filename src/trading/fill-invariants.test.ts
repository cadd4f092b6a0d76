import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import {
  compatible,
  FillSimulator,
  freeTerms,
  honest,
  noFees,
  type SimulatedFill,
  type Ticket,
} from './index.ts';

const price = fc.double({ min: 0.9, max: 1.1, noNaN: true });

/** Bars as a walk of factors; a bar's open is near the close before, gaps included. */
const bars = fc
  .array(fc.tuple(price, price, price, price, fc.integer({ min: 0, max: 1_000 })), {
    minLength: 5,
    maxLength: 40,
  })
  .map((steps) => {
    let close = 100;
    return steps.map(([gap, move, up, down, volume]): SimulatedBar => {
      const open = close * gap;
      close = open * move;
      const high = Math.max(open, close) * Math.max(1, up);
      const low = Math.min(open, close) * Math.min(1, down);
      return [open, high, low, close, volume];
    });
  });

const ticket = fc.record(
  {
    direction: fc.constantFrom(1, -1),
    units: fc.constantFrom<number>(0.1, 0.5, 1, 3, 20, 100),
    limit: fc.option(price, { nil: undefined }),
    stop: fc.option(price, { nil: undefined }),
    away: fc.option(fc.double({ min: 0.001, max: 0.1, noNaN: true }), { nil: undefined }),
    gain: fc.option(fc.double({ min: 0.001, max: 0.1, noNaN: true }), { nil: undefined }),
    trail: fc.boolean(),
    timeInForce: fc.constantFrom('gtc', 'day', 'ioc', 'fok' as const),
    session: fc.constantFrom(undefined, undefined, 'open', 'close' as const),
    reduceOnly: fc.boolean(),
    bar: fc.nat(39),
  },
  { requiredKeys: ['direction', 'units', 'timeInForce', 'bar', 'trail', 'reduceOnly', 'session'] },
);

type Wish = typeof ticket extends fc.Arbitrary<infer Value> ? Value : never;

function ticketOf(wish: Wish, close: number): Ticket {
  const { direction, units, away, gain, trail } = wish;
  const plain = wish.session !== undefined;
  const limit = wish.limit === undefined || plain ? undefined : close * wish.limit;
  const stop = wish.stop === undefined || plain ? undefined : close * wish.stop;
  const entries = [limit, stop].filter((one) => one !== undefined);
  const lowest = entries.length === 0 ? close : Math.min(...entries);
  const highest = entries.length === 0 ? close : Math.max(...entries);
  const [towardsLoss, towardsGain] = direction > 0 ? [lowest, highest] : [highest, lowest];
  const fraction = units < 1;
  return {
    size: direction * units,
    of: fraction ? 'account' : 'units',
    limit,
    stop,
    stopLoss: away === undefined ? undefined : towardsLoss * (1 - direction * away) * (1 - direction * 0.002),
    trailingStopLoss: away === undefined || !trail ? undefined : towardsLoss * away,
    takeProfit:
      gain === undefined ? undefined : towardsGain * (1 + direction * gain) * (1 + direction * 0.002),
    timeInForce: wish.timeInForce,
    session: wish.session,
    reduceOnly: wish.reduceOnly,
  };
}

const terms = {
  ...freeTerms,
  fees: { ...noFees, taker: 0.002, maker: 0.001, fixed: 0.5 },
  spread: 0.001,
  lotSize: 1e-6,
  initialMargin: 0.5,
  maintenanceMargin: 0.25,
  volumeShare: 0.5,
  borrowPerYear: 0.1,
};

interface Played {
  readonly simulator: FillSimulator;
  readonly fills: readonly SimulatedFill[];
  readonly positions: readonly number[];
}

function play(
  walk: readonly SimulatedBar[],
  wishes: readonly Wish[],
  hedging = false,
  conventions = honest,
): Played {
  const series = seriesOf(walk);
  const fills: SimulatedFill[] = [];
  const positions: number[] = [];
  const own = conventions === honest ? terms : { ...terms, lotSize: 1 };
  const simulator = new FillSimulator({
    cash: 10_000,
    instruments: [{ symbol: 'A', terms: own }],
    conventions,
    hedging,
    onFill: (fill) => fills.push(fill),
  });
  for (let bar = 0; bar < walk.length && !simulator.ruined; bar++) {
    simulator.step(0, series, bar);
    positions.push(simulator.account.books[0]!.units);
    for (const wish of wishes) if (wish.bar === bar) simulator.place(0, ticketOf(wish, walk[bar]![3]));
  }
  return { simulator, fills, positions };
}

const run = fc.tuple(bars, fc.array(ticket, { maxLength: 20 }), fc.boolean());

describe('whatever is ordered,', () => {
  test('cash changes by fills, fees and borrowing alone, and equity is cash and marked positions', () => {
    fc.assert(
      fc.property(run, ([walk, wishes, hedging]) => {
        const { simulator, fills } = play(walk, wishes, hedging);
        const { account } = simulator;
        const paid = fills.reduce((sum, { size, price: at, fee }) => sum + size * at + fee, 0);
        const scale = fills.reduce((sum, { size, price: at }) => sum + Math.abs(size * at), 10_000);
        expect(Math.abs(account.cash - (10_000 - paid - account.borrow))).toBeLessThan(1e-9 * scale);
        const held = fills.reduce((sum, { size }) => sum + size, 0);
        expect(Math.abs(account.equity - (account.cash + held * walk.at(-1)![3]))).toBeLessThan(1e-9 * scale);
        const fees = fills.reduce((sum, { fee }) => sum + fee, 0);
        expect(Math.abs(account.fees - fees)).toBeLessThan(1e-9 * scale);
      }),
    );
  });

  test('what was opened less what was closed is what is held, and profits add up', () => {
    fc.assert(
      fc.property(run, ([walk, wishes, hedging]) => {
        const { simulator } = play(walk, wishes, hedging);
        const { account, closed } = simulator;
        const last = walk.at(-1)![3];
        const realised = closed.reduce((sum, { pnl }) => sum + pnl, 0);
        const lots = account.books[0]!.lots;
        const open = lots.reduce((sum, lot) => sum + lot.size * (last - lot.entryPrice) - lot.entryFee, 0);
        const scale = account.traded + 10_000;
        expect(Math.abs(account.equity - (10_000 + realised + open - account.borrow))).toBeLessThan(
          1e-9 * scale,
        );
      }),
    );
  });

  test('nothing fills before the bar after its order, nor outside of its bar', () => {
    fc.assert(
      fc.property(run, ([walk, wishes, hedging]) => {
        for (const { order, size, price: paid, bar } of play(walk, wishes, hedging).fills) {
          const [, high, low] = walk[bar]!;
          if (order !== null) {
            if (order.role === 'entry') expect(bar).toBeGreaterThan(order.placedAt);
            else expect(bar).toBeGreaterThanOrEqual(order.placedAt);
          }
          // Half the spread is against the trader, or nothing for a limit that waited.
          const against = 1 + (Math.sign(size) * terms.spread) / 2;
          const within = (raw: number) => raw <= high * (1 + 1e-12) && raw >= low * (1 - 1e-12);
          const { limit = Number.NaN } = order?.ticket ?? {};
          expect(within(paid / against) || within(paid) || paid === limit).toBe(true);
          expect(size > 0 ? paid > limit : paid < limit).toBe(false);
        }
      }),
    );
  });

  test('an order that may only reduce neither opens nor turns a position round', () => {
    fc.assert(
      fc.property(run, ([walk, wishes]) => {
        const reducing = wishes.map((wish, at) =>
          at === 0 ? { ...wish, reduceOnly: false } : { ...wish, reduceOnly: true },
        );
        const { positions, fills } = play(walk, reducing);
        const opening = fills.filter(
          ({ order }) => order?.role === 'entry' && order.ticket.reduceOnly !== true,
        );
        const first = Math.sign(opening[0]?.size ?? 0);
        for (const units of positions) expect(units * first).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the margin never falls below what must be maintained without a liquidation', () => {
    fc.assert(
      fc.property(run, ([walk, wishes]) => {
        const series = seriesOf(walk);
        const simulator = new FillSimulator({
          cash: 10_000,
          instruments: [{ symbol: 'A', terms: { ...terms, volumeShare: Number.POSITIVE_INFINITY } }],
          conventions: honest,
        });
        const book = simulator.account.books[0]!;
        for (let bar = 0; bar < walk.length; bar++) {
          simulator.step(0, series, bar);
          const [, high, low] = walk[bar]!;
          const entered = book.lots.some((lot) => lot.entryBar === bar);
          // What was held through the whole bar has survived the worst of it.
          if (book.units !== 0 && !entered) {
            expect(simulator.account.cushion(book, book.units > 0 ? low : high)).toBeGreaterThan(-1e-6);
          }
          for (const wish of wishes) if (wish.bar === bar) simulator.place(0, ticketOf(wish, walk[bar]![3]));
        }
      }),
    );
  });

  test('the same orders have the same hash, and one unit more has another', () => {
    fc.assert(
      fc.property(run, ([walk, wishes, hedging]) => {
        const hash = (own: readonly Wish[]) => play(walk, own, hedging).simulator.log.digest();
        expect(hash(wishes)).toBe(hash(wishes));
        const [first, ...rest] = wishes;
        if (first === undefined || first.bar >= walk.length) return;
        expect(hash([{ ...first, units: first.units < 1 ? 0.7 : first.units + 1 }, ...rest])).not.toBe(
          hash(wishes),
        );
      }),
    );
  });
});

describe('several instruments on one account', () => {
  test('do the same whatever the order in which they were registered', () => {
    const many = fc.array(fc.tuple(bars, fc.array(ticket, { maxLength: 8 })), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(many, fc.nat(), (parts, turn) => {
        const length = Math.min(...parts.map(([walk]) => walk.length));
        const named = parts.map(([walk, wishes], at) => ({
          symbol: 'ABCD'[at]!,
          series: seriesOf(walk),
          wishes,
          walk,
        }));
        const outcome = (order: readonly (typeof named)[number][]) => {
          const simulator = new FillSimulator({
            cash: 10_000,
            instruments: order.map(({ symbol }) => ({ symbol, terms })),
            conventions: honest,
          });
          const slotOf = (symbol: string) =>
            simulator.account.books.findIndex((book) => book.symbol === symbol);
          for (let bar = 0; bar < length; bar++) {
            simulator.stepTogether(
              named.map(({ symbol, series }) => ({ slot: slotOf(symbol), series, index: bar })),
            );
            for (const { symbol, wishes, walk } of named) {
              for (const wish of wishes) {
                if (wish.bar === bar) simulator.place(slotOf(symbol), ticketOf(wish, walk[bar]![3]));
              }
            }
          }
          return [simulator.account.cash, simulator.account.equity, simulator.log.digest()];
        };
        const at = turn % named.length;
        expect(outcome([...named.slice(at), ...named.slice(0, at)].reverse())).toEqual(outcome(named));
      }),
      { numRuns: 40 },
    );
  });

  test('are not sized by a close that the others have not reached', () => {
    // B is bought with everything at its open; A jumps from 100 to 200 inside the same bar. 100 A are worth 10,000 at
    // that open, so nothing is free: knowing the close would have found another 10,000.
    const flat = seriesOf([
      [100, 100, 100, 100],
      [100, 100, 100, 100],
      [100, 200, 100, 200],
    ]);
    const simulator = new FillSimulator({
      cash: 10_000,
      instruments: ['A', 'B'].map((symbol) => ({ symbol, terms: freeTerms })),
      conventions: honest,
    });
    const other = seriesOf([
      [10, 10, 10, 10],
      [10, 10, 10, 10],
      [10, 10, 10, 10],
    ]);
    for (let bar = 0; bar < 3; bar++) {
      simulator.stepTogether([
        { slot: 0, series: flat, index: bar },
        { slot: 1, series: other, index: bar },
      ]);
      simulator.place(bar === 0 ? 0 : 1, { size: 1, of: 'account' });
    }
    expect(simulator.account.books.map(({ units }) => units)).toEqual([100, 0]);
    expect(simulator.refusedAt).toEqual([2]);
  });
});

test('in compatibility mode the same holds of the money', () => {
  fc.assert(
    fc.property(run, ([walk, wishes, hedging]) => {
      const { simulator, fills } = play(walk, wishes, hedging, compatible);
      if (simulator.ruined) return;
      const paid = fills.reduce((sum, { size, price: at, fee }) => sum + size * at + fee, 0);
      const scale = simulator.account.traded + 10_000;
      expect(Math.abs(simulator.account.cash + simulator.account.borrow - (10_000 - paid))).toBeLessThan(
        1e-9 * scale,
      );
    }),
  );
});
