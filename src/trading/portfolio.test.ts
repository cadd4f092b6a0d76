import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fill, Trade } from '../core/index.ts';
import { Portfolio } from './index.ts';

let orders = 0;
const fill = (
  side: Fill['side'],
  quantity: number,
  price: number,
  fee = 0,
  at = 0,
  instrument = 'A',
): Fill => ({ order: `o${++orders}`, at, instrument, side, quantity, price, fee });

describe('one position at a time', () => {
  test('a long round trip pays the fees of both sides', () => {
    const portfolio = new Portfolio(1000);
    const opening = fill('BUY', 5, 100, 2, 10);
    expect(portfolio.apply(opening, 95)).toBeNull();
    expect(portfolio.position('A')).toEqual({
      instrument: 'A',
      quantity: 5,
      entry: 100,
      openedAt: 10,
      stop: 95,
      fees: 2,
      openedBy: opening.order,
    });
    const closing = fill('SELL', 5, 110, 3, 20);
    // (110 − 100) × 5 − 2 − 3 = 45, on an entry value of 500: 9 %
    expect(portfolio.apply(closing, null)).toEqual({
      instrument: 'A',
      side: 'LONG',
      quantity: 5,
      openedAt: 10,
      closedAt: 20,
      entry: 100,
      exit: 110,
      pnl: 45,
      fees: 5,
      returnPct: 9,
      openedBy: opening.order,
      closedBy: closing.order,
    });
    expect(portfolio.positions()).toEqual([]);
    expect(portfolio.cash).toBe(1045);
    expect(portfolio.fees).toBe(5);
  });

  test('a short one earns when the price falls, and is worth less than nothing while open', () => {
    const portfolio = new Portfolio(1000);
    portfolio.apply(fill('SELL', 4, 100, 1), 104);
    portfolio.mark('A', 90);
    // Cash 1000 + 400 − 1; position −4 × 90; equity 1039 = 1000 + 4 × 10 − 1
    expect([portfolio.cash, portfolio.positionsValue, portfolio.equity]).toEqual([1399, -360, 1039]);
    const trade = portfolio.apply(fill('BUY', 4, 90, 1), null);
    // 40 − 2 = 38 on 400: 9.5 %
    expect(trade).toMatchObject({ side: 'SHORT', quantity: 4, pnl: 38, fees: 2, returnPct: 9.5 });
  });

  test('adding averages the entry by units and keeps when and by what it was opened', () => {
    const portfolio = new Portfolio(1000);
    const first = fill('BUY', 1, 100, 1, 10);
    portfolio.apply(first, 95);
    portfolio.apply(fill('BUY', 3, 120, 2, 20), 110);
    // (1 × 100 + 3 × 120) / 4 = 115
    expect(portfolio.position('A')).toMatchObject({
      quantity: 4,
      entry: 115,
      fees: 3,
      stop: 110,
      openedAt: 10,
      openedBy: first.order,
    });
    portfolio.apply(fill('BUY', 1, 115), null);
    expect(portfolio.position('A')?.stop).toBe(110);
  });

  test('a partial close takes its share of the entry fees and leaves the rest as it was', () => {
    const portfolio = new Portfolio(1000);
    portfolio.apply(fill('BUY', 4, 100, 4), 95);
    const trade = portfolio.apply(fill('SELL', 1, 110, 0.5), null);
    // A quarter of the units carries a quarter of the 4: 10 − 1 − 0.5
    expect(trade).toMatchObject({ quantity: 1, pnl: 8.5, fees: 1.5 });
    expect(portfolio.position('A')).toMatchObject({ quantity: 3, entry: 100, stop: 95, fees: 3 });
  });

  test('a reversal closes what stands and opens the rest with its share of the fee and the new stop', () => {
    const portfolio = new Portfolio(1000);
    portfolio.apply(fill('BUY', 2, 100, 1, 10), 95);
    const turn = fill('SELL', 5, 110, 10, 20);
    // Two of the five units close: 2 × 10 − 1 − 10 × 2/5 = 15; three open with 10 × 3/5 = 6
    expect(portfolio.apply(turn, 115)).toMatchObject({ side: 'LONG', quantity: 2, pnl: 15, fees: 5 });
    expect(portfolio.position('A')).toEqual({
      instrument: 'A',
      quantity: -3,
      entry: 110,
      openedAt: 20,
      stop: 115,
      fees: 6,
      openedBy: turn.order,
    });
  });
});

test('before its first mark a position is worth what it was bought for', () => {
  const portfolio = new Portfolio(1000);
  portfolio.apply(fill('BUY', 2, 100, 1), null);
  expect(portfolio.markOf('A')).toBe(100);
  expect(portfolio.equity).toBe(999);
});

const symbol = fc.constantFrom('A', 'B', 'C');
const price = fc.double({ min: 0.01, max: 10_000, noNaN: true });
const event = fc.oneof(
  fc.record({
    kind: fc.constant('fill' as const),
    symbol,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    // Few distinct sizes, so that positions are often closed to the unit.
    quantity: fc.constantFrom(0.1, 0.2, 0.3, 1, 2, 3, 5),
    price,
    fee: fc.double({ min: 0, max: 10, noNaN: true }),
    stop: fc.option(price),
  }),
  fc.record({ kind: fc.constant('mark' as const), symbol, price }),
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

function play(portfolio: Portfolio, events: readonly Event[]) {
  const fills: Fill[] = [];
  const trades: Trade[] = [];
  for (const [at, one] of events.entries()) {
    if (one.kind === 'mark') {
      portfolio.mark(one.symbol, one.price);
      continue;
    }
    const booked = fill(one.side, one.quantity, one.price, one.fee, at, one.symbol);
    fills.push({ ...booked, order: `o${at}` });
    const trade = portfolio.apply(fills.at(-1)!, one.stop);
    if (trade !== null) trades.push(trade);
  }
  return { fills, trades };
}

const signed = ({ side, quantity }: Fill) => (side === 'BUY' ? quantity : -quantity);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('after any sequence of fills and prices', () => {
  test('the books balance', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const portfolio = new Portfolio(10_000);
        const { fills, trades } = play(portfolio, events);
        const positions = portfolio.positions();
        const marks = new Map<string, number>(
          events.flatMap((one) => (one.kind === 'mark' ? [[one.symbol, one.price]] : [])),
        );
        const markOf = (instrument: string) =>
          marks.get(instrument) ?? portfolio.position(instrument)?.entry ?? 0;
        const fees = sum(fills.map(({ fee }) => fee));

        // Cash moves by fills alone.
        expect(portfolio.cash).toBeCloseTo(
          10_000 - sum(fills.map((one) => signed(one) * one.price)) - fees,
          5,
        );
        expect(portfolio.fees).toBeCloseTo(fees, 6);
        // What is held is what was filled, and a flat instrument has no position.
        for (const name of ['A', 'B', 'C']) {
          const held = sum(fills.filter(({ instrument }) => instrument === name).map(signed));
          expect(portfolio.position(name)?.quantity ?? 0).toBeCloseTo(held, 9);
        }
        const value = sum(positions.map(({ instrument, quantity }) => quantity * markOf(instrument)));
        expect(portfolio.equity).toBeCloseTo(portfolio.cash + value, 6);
        // Every fee is charged once: to a trade or to what is still open.
        expect(sum(trades.map((trade) => trade.fees)) + sum(positions.map((one) => one.fees))).toBeCloseTo(
          fees,
          6,
        );
        // The second way to equity: capital + realised + unrealised.
        const unrealised = positions.map(
          ({ instrument, quantity, entry, fees: paid }) => quantity * (markOf(instrument) - entry) - paid,
        );
        expect(portfolio.equity).toBeCloseTo(10_000 + sum(trades.map(({ pnl }) => pnl)) + sum(unrealised), 4);
      }),
      { numRuns: 300 },
    );
  });

  test('its state, through JSON, has the same future', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.nat(40), (events, cut) => {
        const whole = new Portfolio(10_000);
        play(whole, events.slice(0, cut));
        const restored = new Portfolio(JSON.parse(JSON.stringify(whole.state())));
        const rest = events.slice(cut);
        expect(play(restored, rest)).toEqual(play(whole, rest));
        expect(restored.state()).toEqual(whole.state());
        expect(restored.equity).toBe(whole.equity);
      }),
      { numRuns: 300 },
    );
  });

  test('a state once taken does not move with the account', () => {
    const portfolio = new Portfolio(1000);
    portfolio.apply(fill('BUY', 2, 100, 1), 95);
    const state = portfolio.state();
    const text = JSON.stringify(state);
    portfolio.apply(fill('SELL', 3, 90, 1), 95);
    portfolio.mark('A', 1);
    expect(JSON.stringify(state)).toBe(text);
  });
});
