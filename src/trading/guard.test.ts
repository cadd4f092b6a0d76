import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf, capital, held, limits, orderOf, told } from '../../test/orders.ts';
import { type AccountView, Guard, type Limits, type Order, type Review } from './index.ts';

/** What the guard says on a crypto order; the usual limits and account where nothing else is said. */
function review(
  order: Partial<Order>,
  account: Partial<AccountView> = {},
  own: Partial<Limits> = {},
): Review {
  return new Guard({ ...limits, ...own }, capital).review(orderOf(order), accountOf(account), 'crypto');
}

describe('size is reduced to fit', () => {
  test('an order inside all limits passes as it is', () => {
    const order = orderOf({ quantity: 10, stop: 98 });
    expect(new Guard(limits, capital).review(order, accountOf(), 'crypto')).toEqual({
      kind: 'approved',
      order,
      reason: null,
    });
  });

  test.each<readonly [string, Partial<Order>, Partial<AccountView>, Partial<Limits>, string]>([
    // 2 % of 10,000 is 200; a stop 5 away loses it on 40 units.
    ['one trade, long', { quantity: 60, stop: 95 }, {}, {}, '40 cut: size cut to fit riskPerTradePct 2'],
    [
      'one trade, short',
      { side: 'SELL', quantity: 60, stop: 105 },
      {},
      {},
      '40 cut: size cut to fit riskPerTradePct 2',
    ],
    // 50 % of 10,000 at 100 is 50 units; the risk alone would allow 200.
    ['one position', { quantity: 80, stop: 99 }, {}, {}, '50 cut: size cut to fit positionPct 50'],
    // 3 % is 300; B loses 20 × 10 = 200 at its stop; 100 / 4 = 25 units are left.
    [
      'all risks together',
      { quantity: 40, stop: 96 },
      { positions: [held('B', 20, 90)] },
      { portfolioRiskPct: 3 },
      '25 cut: size cut to fit portfolioRiskPct 3',
    ],
    [
      'all risks together, the other one short',
      { quantity: 40, stop: 96 },
      { positions: [held('B', -20, 110)] },
      { portfolioRiskPct: 3 },
      '25 cut: size cut to fit portfolioRiskPct 3',
    ],
    // Without a stop B risks its whole 5 × 100 = 500: 1000 − 500 = 500, 500 / 4 = 125 > 50 by riskPerTradePct.
    [
      'a position without a stop risks all of its value',
      { quantity: 45, stop: 96 },
      { positions: [held('B', 5, null)] },
      { portfolioRiskPct: 6 },
      '25 cut: size cut to fit portfolioRiskPct 6',
    ],
    // A stop that already locks a profit in risks nothing, and does not earn room for others.
    [
      'a locked profit adds no room',
      { quantity: 100, stop: 96 },
      { positions: [held('B', 20, 120)] },
      { riskPerTradePct: 100, portfolioRiskPct: 1 },
      '25 cut: size cut to fit portfolioRiskPct 1',
    ],
    // 1 × 10,000 − 60 × 100 = 4,000 is 40 units.
    [
      'all positions together',
      { quantity: 50, stop: 99 },
      { positions: [held('B', 60, 99)] },
      { positionPct: 80 },
      '40 cut: size cut to fit leverage 1',
    ],
    [
      'a short position uses leverage up like a long one',
      { quantity: 50, stop: 99 },
      { positions: [held('B', -60, 101)] },
      { positionPct: 80 },
      '40 cut: size cut to fit leverage 1',
    ],
    [
      'leverage above one',
      { quantity: 200, stop: 99 },
      {},
      { positionPct: 200, leverage: 1.5 },
      '150 cut: size cut to fit leverage 1.5',
    ],
    // What is held in the instrument counts: 50 − 30 by value.
    [
      'adding to a position',
      { quantity: 30, stop: 99 },
      { positions: [held('A', 30, 99)] },
      {},
      '20 cut: size cut to fit positionPct 50',
    ],
    // The new stop replaces the old: 30 units now risk 5 each = 150 of the 200; 50 / 5 = 10.
    [
      'adding with a farther stop',
      { quantity: 20, stop: 95 },
      { positions: [held('A', 30, 99)] },
      {},
      '10 cut: size cut to fit riskPerTradePct 2',
    ],
    // … and for the portfolio too: 300 − 20 × 5 = 200, 200 / 5 = 40.
    [
      'adding with a farther stop, by the sum of risks',
      { quantity: 60, stop: 95 },
      { positions: [held('A', 20, 99)] },
      { riskPerTradePct: 100, positionPct: 100, portfolioRiskPct: 3 },
      '40 cut: size cut to fit portfolioRiskPct 3',
    ],
    // An order that waits is as good as held: 100 − 70 at leverage 1.
    [
      'an order that waits for another instrument',
      { quantity: 50, stop: 99 },
      { waiting: [orderOf({ instrument: 'B', quantity: 70, stop: 99 })] },
      { positionPct: 80 },
      '30 cut: size cut to fit leverage 1',
    ],
    // Until the exit of B has filled, B is still there.
    [
      'an exit that waits frees nothing yet',
      { quantity: 50, stop: 99 },
      {
        positions: [held('B', 70, 99)],
        waiting: [orderOf({ instrument: 'B', side: 'SELL', quantity: 70, stop: null })],
      },
      { positionPct: 80 },
      '30 cut: size cut to fit leverage 1',
    ],
    // A reversal of 10 long: 10 close, and of the 90 that open 50 fit.
    [
      'the opening part of a reversal',
      { side: 'SELL', quantity: 100, stop: 101 },
      { positions: [held('A', 10, 99)] },
      {},
      '60 cut: size cut to fit positionPct 50',
    ],
  ])('%s', (_, order, account, own, expected) => {
    expect(told(review(order, account, own))).toBe(expected);
  });

  test('shares are cut to whole ones', () => {
    // 200 / 3 = 66.67 by risk, 10,000 × 0.5 / 100 = 50; at 30 shares a stop 7 would allow: 200 / 4.5 = 44.4
    const answer = new Guard(limits, capital).review(
      orderOf({ quantity: 60, stop: 95.5 }),
      accountOf(),
      'equity',
    );
    expect(told(answer)).toBe('44 cut: size cut to fit riskPerTradePct 2');
  });

  test.each<readonly [string, Partial<Order>, Partial<AccountView>, string]>([
    ['leverage is used up', {}, { positions: [held('B', 100, 99)] }, 'refused: size cut to fit leverage 1'],
    [
      'prices moved past a limit',
      {},
      { positions: [held('A', 60, 99)] },
      'refused: size cut to fit positionPct 50',
    ],
    ['less than a lot is asked', { quantity: 1e-7 }, {}, 'refused: the size is smaller than one lot'],
  ])('refused when nothing is left: %s', (_, order, account, expected) => {
    expect(told(review(order, account))).toBe(expected);
  });
});

describe('an opening needs a sensible stop', () => {
  test.each([
    ['BUY', null, 'an opening needs a stop'],
    ['BUY', 94.9, 'stop is 5.10 % away, farther than stopDistancePct 5'],
    ['SELL', 105.1, 'stop is 5.10 % away, farther than stopDistancePct 5'],
    ['BUY', 100, 'stop 100 is on the wrong side of 100'],
    ['BUY', 101, 'stop 101 is on the wrong side of 100'],
    ['SELL', 99, 'stop 99 is on the wrong side of 100'],
    ['BUY', Number.NaN, 'stop NaN is on the wrong side of 100'],
    ['BUY', Number.NEGATIVE_INFINITY, 'stop is Infinity % away, farther than stopDistancePct 5'],
    ['SELL', Number.POSITIVE_INFINITY, 'stop is Infinity % away, farther than stopDistancePct 5'],
    ['BUY', -100, 'stop is 200.00 % away, farther than stopDistancePct 5'],
  ] as const)('%s with a stop at %s: %s', (side, stop, reason) => {
    expect(review({ side, stop })).toEqual({ kind: 'refused', reason });
  });

  test('a stop exactly at the limit is not farther, whatever the dust of its decimals', () => {
    const away = fc.constantFrom(0.1, 0.7, 1.1, 2.3, 4.5, 5);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), away, (price, stopDistancePct) => {
        const answer = review(
          { quantity: 0.001, stop: price * (1 - stopDistancePct / 100) },
          { equity: 1e9, markOf: () => price },
          { stopDistancePct },
        );
        expect(told(answer)).toBe('0.001 whole');
      }),
    );
  });

  test('an instrument without a price cannot be opened', () => {
    for (const price of [0, Number.NaN, -100]) {
      expect(review({ stop: -101 }, { markOf: () => price }).kind).toBe('refused');
    }
  });
});

describe('exits always pass', () => {
  const ruined = { equity: -500, positions: [held('A', 10, 99), held('B', -500, null)] };

  test.each<readonly [string, Partial<Order>, string]>([
    ['the whole', { side: 'SELL', quantity: 10, stop: null }, '10 whole'],
    ['a part', { side: 'SELL', quantity: 0.3, stop: null }, '0.3 whole'],
    ['a short one', { instrument: 'B', quantity: 500, stop: null }, '500 whole'],
    [
      'a reversal closes, no more',
      { side: 'SELL', quantity: 25, stop: 101 },
      '10 cut: closes only: the account has no equity left',
    ],
  ])('from a ruined account: %s', (_, order, expected) => {
    expect(told(review(order, ruined))).toBe(expected);
  });

  test('while openings are paused', () => {
    const guard = new Guard(limits, capital);
    guard.observe(7_000, []);
    const account = accountOf({ equity: 7_000, positions: [held('A', 10, 99)] });
    const exit = orderOf({ side: 'SELL', quantity: 10, stop: null });
    expect(told(guard.review(exit, account, 'crypto'))).toBe('10 whole');
    expect(told(guard.review(orderOf({}), account, 'crypto'))).toMatch(
      /^refused: no openings for 24 more bars/,
    );
  });

  test('the part of a reversal that is left after a refusal keeps no stop', () => {
    const answer = review({ side: 'SELL', quantity: 25, stop: 90 }, { positions: [held('A', 10, 99)] });
    expect(answer).toMatchObject({ kind: 'approved', order: { quantity: 10, stop: null } });
    expect(told(answer)).toBe('10 cut: closes only: stop 90 is on the wrong side of 100');
  });

  test('once: what already waits to close cannot be closed again', () => {
    const exit = orderOf({ side: 'SELL', quantity: 10, stop: null });
    const account = { positions: [held('A', 10, 99)], waiting: [exit] };
    expect(told(review(exit, account))).toBe('refused: an opening needs a stop');
    // Nor does it become a short by naming a stop beyond what may be opened.
    expect(told(review({ ...exit, quantity: 80, stop: 101 }, account))).toBe(
      '50 cut: size cut to fit positionPct 50',
    );
  });
});

describe('absurd quantities', () => {
  const quantities = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -5, 0, -0];

  test.each(quantities)('%d is refused, flat or against a position', (quantity) => {
    for (const positions of [[], [held('A', 10, 99)], [held('A', -10, 101)]]) {
      expect(review({ quantity }, { positions })).toEqual({
        kind: 'refused',
        reason: `quantity ${quantity} is not a number above zero`,
      });
    }
  });

  test('a huge one is cut like any other', () => {
    expect(told(review({ quantity: Number.MAX_VALUE }))).toBe('50 cut: size cut to fit positionPct 50');
  });

  test('no more units than can be computed with, however little one costs', () => {
    const dust = { quantity: 1e40, stop: 0.99e-30 };
    expect(told(review(dust, { markOf: () => 1e-30 }))).toMatch(
      /^1e\+30 cut: size cut to fit .* 1e\+30 units$/,
    );
  });

  test('a limit that cannot be computed lets nothing through', () => {
    expect(review({}, { positions: [held('B', 1, Number.NaN)] }).kind).toBe('refused');
    expect(review({}, { positions: [held('B', Number.NaN, 99)] }).kind).toBe('refused');
    expect(review({}, { equity: Number.NaN }).kind).toBe('refused');
  });
});
