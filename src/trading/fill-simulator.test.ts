import { describe, expect, test } from 'vitest';
import { afterBar, type SimulatedBar, simulate } from '../../test/simulated-bars.ts';
import { noFees, type Ticket } from './index.ts';

const quiet: SimulatedBar = [100, 101, 99, 100];

/** One order, placed after the first bar. */
function one(ticket: Ticket, ...bars: readonly SimulatedBar[]) {
  return simulate(
    [quiet, ...bars],
    afterBar(0, (simulator) => simulator.place(0, ticket)),
  );
}

describe('a limit that the open has passed', () => {
  const gapped = (limit: number) =>
    simulate(
      [quiet, [95, 99, 94, 96]],
      afterBar(0, (simulator) => simulator.place(0, { size: 3, limit })),
      { spread: 0.01 },
    ).told;

  test('takes the open and pays half the spread, as a market order does', () => {
    expect(gapped(98)).toEqual(['+3@95.475 in 1']);
  });

  test('is not left by the spread', () => {
    expect(gapped(95.2)).toEqual(['+3@95.2 in 1']);
  });
});

describe('an order fills at', () => {
  test.each<readonly [string, Ticket, readonly SimulatedBar[], readonly string[]]>([
    ['the next open: market', { size: 3 }, [[102, 104, 101, 103]], ['+3@102 in 1']],
    [
      'its limit, when the bar comes down to it',
      { size: 3, limit: 98 },
      [[100, 101, 98, 99]],
      ['+3@98 in 1'],
    ],
    [
      'the open, when that is better than its limit',
      { size: 3, limit: 98 },
      [[95, 99, 94, 96]],
      ['+3@95 in 1'],
    ],
    ['nothing, while its limit is not reached', { size: 3, limit: 98 }, [[100, 101, 98.01, 99]], []],
    ['its stop, when the bar goes up to it', { size: 3, stop: 103 }, [[101, 103, 100, 102]], ['+3@103 in 1']],
    [
      'the open, when that has gapped past its stop',
      { size: 3, stop: 103 },
      [[105, 106, 104, 105]],
      ['+3@105 in 1'],
    ],
    ['mirrored: a sell stop', { size: -3, stop: 97 }, [[99, 100, 96, 98]], ['-3@97 in 1']],
    ['mirrored: a gapped sell stop', { size: -3, stop: 97 }, [[95, 96, 94, 95]], ['-3@95 in 1']],
    ['mirrored: a sell limit', { size: -3, limit: 103 }, [[101, 104, 100, 102]], ['-3@103 in 1']],
    [
      'its stop, when a stop-limit may pay more than that',
      { size: 3, stop: 103, limit: 104 },
      [[101, 106, 100, 105]],
      ['+3@103 in 1'],
    ],
    [
      // 105 opens above stop and limit: it waits, and 104 is reached inside the bar.
      'its limit, when a stop-limit is gapped over and comes back',
      { size: 3, stop: 103, limit: 104 },
      [[105, 106, 103.5, 105]],
      ['+3@104 in 1'],
    ],
    [
      // 101 was passed on the way up to 103 or on the way down from it: nobody knows.
      'nothing in the bar that reaches the stop of a limit beyond it',
      { size: 3, stop: 103, limit: 101 },
      [[100, 104, 99, 102]],
      [],
    ],
    [
      '… but in the next',
      { size: 3, stop: 103, limit: 101 },
      [
        [100, 104, 99, 102],
        [102, 103, 100, 101],
      ],
      ['+3@101 in 2'],
    ],
    [
      'the next close: market-on-close',
      { size: 3, session: 'close' },
      [[102, 104, 101, 103]],
      ['+3@103 in 1'],
    ],
    [
      'the next open or never: market-on-open',
      { size: 3, session: 'open' },
      [[102, 104, 101, 103]],
      ['+3@102 in 1'],
    ],
  ])('%s', (_, ticket, bars, told) => {
    expect(one(ticket, ...bars).told).toEqual(told);
  });

  test('the next close, when everything trades on close', () => {
    const bars: readonly SimulatedBar[] = [quiet, [102, 104, 101, 103]];
    const traded = simulate(
      bars,
      afterBar(0, (simulator) => simulator.place(0, { size: 3 })),
      {},
      { tradeOnClose: true },
    );
    expect(traded.told).toEqual(['+3@103 in 1']);
  });
});

describe('a trailing stop', () => {
  // Long 3 from 100, 4 behind: 96; a high of 107 lifts it to 103 for the bar after, where 102.5 is below it.
  const bars: readonly SimulatedBar[] = [
    quiet,
    [100, 101, 99, 100],
    [101, 107, 100, 106],
    [105, 106, 102.5, 104],
    [104, 105, 103, 104],
  ];

  test('follows the best price, and never back', () => {
    const traded = simulate(
      bars,
      afterBar(0, (simulator) => simulator.place(0, { size: 3, trailingStopLoss: 4 })),
    );
    expect(traded.told).toEqual(['+3@100 in 1', '-3@103 in 3']);
  });

  test('of its own enters when the price turns', () => {
    // Sell when the price falls 3 from its best: 100 − 3 = 97; the high 107 makes it 104, and 102.5 passes it.
    const traded = simulate(
      bars,
      afterBar(0, (simulator) => simulator.place(0, { size: -2, trail: 3 })),
    );
    expect(traded.told).toEqual(['-2@104 in 3']);
  });
});

describe('protective prices', () => {
  const bracket: Ticket = { size: 3, stopLoss: 95, takeProfit: 110 };

  test.each<readonly [string, Ticket, readonly SimulatedBar[], readonly string[]]>([
    [
      'the stop-loss wins when a bar holds both',
      bracket,
      [quiet, [100, 111, 94, 100]],
      ['+3@100 in 1', '-3@95 in 2'],
    ],
    [
      'both count in the entry bar of a market order',
      bracket,
      [[100, 111, 99, 110]],
      ['+3@100 in 1', '-3@110 in 1'],
    ],
    [
      'a gap fills the stop-loss at the open',
      bracket,
      [quiet, [90, 92, 89, 91]],
      ['+3@100 in 1', '-3@90 in 2'],
    ],
    [
      'a gap fills the target at the better open',
      bracket,
      [quiet, [115, 116, 114, 115]],
      ['+3@100 in 1', '-3@115 in 2'],
    ],
    [
      'an entry that gaps past its own stop-loss is out at the same open',
      bracket,
      [[90, 92, 89, 91]],
      ['+3@90 in 1', '-3@90 in 1'],
    ],
    [
      // Filled at 98 on the way down; 95 lies further down.
      'after a limit entry the stop-loss counts at once',
      { size: 3, limit: 98, stopLoss: 95 },
      [[100, 101, 94, 100]],
      ['+3@98 in 1', '-3@95 in 1'],
    ],
    [
      // The high of 112 may be older than the entry at 98.
      'after a limit entry the range does not prove the target',
      { size: 3, limit: 98, takeProfit: 110 },
      [[100, 112, 97, 99]],
      ['+3@98 in 1'],
    ],
    [
      '… but the close does',
      { size: 3, limit: 98, takeProfit: 110 },
      [[100, 112, 97, 111]],
      ['+3@98 in 1', '-3@110 in 1'],
    ],
    [
      // 96 may be older than the entry at 103, or not: the worse is assumed.
      'after a stop entry the stop-loss counts when the range holds it',
      { size: 3, stop: 103, stopLoss: 96 },
      [[100, 104, 95, 103]],
      ['+3@103 in 1', '-3@96 in 1'],
    ],
  ])('%s', (_, ticket, bars, told) => {
    expect(one(ticket, ...bars).told).toEqual(told);
  });

  test.each<readonly [string, readonly Ticket[], readonly SimulatedBar[], readonly string[]]>([
    [
      // Both may be old news: whether 106 came before 95 nobody knows, and the close of 96 is under 105.
      'a resting exit takes no profit from an entry of the same bar that the close does not prove',
      [
        { size: 50, limit: 95 },
        { size: -50, limit: 105, reduceOnly: true },
      ],
      [[100, 106, 94, 96]],
      ['+50@95 in 1'],
    ],
    [
      'an exit that waits for its entry protects it in the same bar',
      [
        { size: 50, limit: 95 },
        { size: -50, stop: 90, reduceOnly: true },
      ],
      [[100, 101, 80, 85]],
      ['+50@95 in 1', '-50@90 in 1'],
    ],
  ])('%s', (_, tickets, bars, told) => {
    const played = simulate(
      [quiet, ...bars],
      afterBar(0, (simulator) => {
        for (const ticket of tickets) simulator.place(0, ticket);
      }),
    );
    expect(played.told).toEqual(told);
  });

  test('shrink with the lot, and go with it', () => {
    const traded = simulate([quiet, quiet, quiet, [100, 101, 94, 95], quiet], (simulator, bar) => {
      if (bar === 0) simulator.place(0, { size: 4, stopLoss: 95, takeProfit: 120 });
      if (bar === 1) simulator.close(simulator.account.books[0]!.lots[0]!, 1);
    });
    expect(traded.told).toEqual(['+4@100 in 1', '-1@100 in 2', '-3@95 in 3']);
    expect(traded.simulator.account.books[0]!.orders).toEqual([]);
  });

  test.each([
    ['a stop-loss above a buy', { size: 1, stopLoss: 101 }],
    ['a target below a buy', { size: 1, takeProfit: 99 }],
    ['a stop-loss below a sell', { size: -1, stopLoss: 99 }],
    ['a stop-loss of a stop-limit between its prices', { size: 1, stop: 102, limit: 150, stopLoss: 149 }],
    ['a trail that leads away', { size: 1, trailingStopLoss: -20 }],
    ['a size of 0', { size: 0 }],
    ['a size that is no number', { size: Number.NaN }],
    ['more than the account', { size: 2, of: 'account' as const }],
  ])('%s is refused', (_, ticket) => {
    expect(() => one(ticket, quiet)).toThrow(RangeError);
  });
});

describe('how long an order waits', () => {
  const dayBars = Array.from({ length: 30 }, (): SimulatedBar => [100, 101, 99, 100]);
  const dropsIn = (bar: number) =>
    dayBars.map((one, index): SimulatedBar => (index === bar ? [100, 101, 89, 95] : one));
  const limited = (ticket: Partial<Ticket>, drop: number) =>
    simulate(
      dropsIn(drop),
      afterBar(0, (simulator) => simulator.place(0, { size: 1, limit: 90, ...ticket })),
    ).told;

  test.each<readonly [string, Partial<Ticket>, number, readonly string[]]>([
    ['until cancelled', {}, 29, ['+1@90 in 29']],
    ['for the day: its last hour', { timeInForce: 'day' }, 23, ['+1@90 in 23']],
    ['for the day: the next is too late', { timeInForce: 'day' }, 24, []],
    ['until a time', { timeInForce: 'gtd', expiresAt: Date.UTC(2024, 0, 1, 10) }, 9, ['+1@90 in 9']],
    [
      'until a time: not in the bar that begins then',
      { timeInForce: 'gtd', expiresAt: Date.UTC(2024, 0, 1, 10) },
      10,
      [],
    ],
    ['for one bar', { timeInForce: 'ioc' }, 1, ['+1@90 in 1']],
    ['for one bar: not in the second', { timeInForce: 'ioc' }, 2, []],
  ])('%s', (_, ticket, drop, told) => {
    expect(limited(ticket, drop)).toEqual(told);
  });

  test('an order of a group ends when another of it fills', () => {
    const traded = simulate([quiet, [100, 106, 100, 105], [100, 101, 90, 95]], (simulator, bar) => {
      if (bar !== 0) return;
      simulator.place(0, { size: 1, stop: 105, group: 'breakout' });
      simulator.place(0, { size: -1, stop: 95, group: 'breakout' });
    });
    expect(traded.told).toEqual(['+1@105 in 1']);
  });
});

describe('what a volume share leaves for the next bar', () => {
  // A tenth of 50 units is 5 a bar: 12 units take three bars, at three opens.
  const bars: readonly SimulatedBar[] = [
    quiet,
    [100, 101, 99, 100, 50],
    [101, 102, 100, 101, 50],
    [102, 103, 101, 102, 50],
  ];
  const buy = (ticket: Ticket) =>
    simulate(
      bars,
      afterBar(0, (simulator) => simulator.place(0, ticket)),
      { volumeShare: 0.1 },
    );

  test('waits', () => {
    expect(buy({ size: 12 }).told).toEqual(['+5@100 in 1', '+5@101 in 2', '+2@102 in 3']);
  });

  test('goes, for an order of one bar', () => {
    expect(buy({ size: 12, timeInForce: 'ioc' }).told).toEqual(['+5@100 in 1']);
  });

  test('is all of it, for all or nothing', () => {
    expect(buy({ size: 12, timeInForce: 'fok' }).told).toEqual([]);
    expect(buy({ size: 5, timeInForce: 'fok' }).told).toEqual(['+5@100 in 1']);
  });

  test('and an exit is held back alike', () => {
    const traded = simulate(
      bars,
      (simulator, bar) => {
        if (bar === 0) simulator.place(0, { size: 5 });
        if (bar === 1) simulator.place(0, { size: -8, reduceOnly: true });
      },
      { volumeShare: 0.1 },
    );
    expect(traded.told).toEqual(['+5@100 in 1', '-5@101 in 2']);
  });
});

describe('positions', () => {
  const prices = [100, 101, 102, 103, 104].map((price): SimulatedBar => [price, price + 1, price - 1, price]);
  const orders = (sizes: readonly number[], hedging: boolean) =>
    simulate(
      prices,
      (simulator, bar) => {
        const size = sizes[bar];
        if (size !== undefined) simulator.place(0, { size });
      },
      {},
      { hedging },
    );

  test('net: an opposite order closes the oldest lot first, and opens what is left', () => {
    const { simulator } = orders([2, 3, -6], false);
    expect(simulator.closed.map(({ size, entryPrice, exitPrice }) => [size, entryPrice, exitPrice])).toEqual([
      [2, 101, 103],
      [3, 102, 103],
    ]);
    expect(simulator.account.books[0]!.units).toBe(-1);
  });

  test('hedge: an opposite order opens a lot of its own', () => {
    const { simulator } = orders([2, -3], true);
    expect(simulator.account.books[0]!.lots.map(({ size }) => size)).toEqual([2, -3]);
    expect(simulator.account.books[0]!.units).toBe(-1);
  });

  test('reduce-only never opens, nor turns round', () => {
    const only = (held: number) =>
      simulate(prices, (simulator, bar) => {
        if (bar === 0 && held !== 0) simulator.place(0, { size: held });
        if (bar === 1) simulator.place(0, { size: -5, reduceOnly: true });
      });
    expect(only(2).told).toEqual(['+2@101 in 1', '-2@102 in 2']);
    expect(only(0).told).toEqual([]);
    expect(only(0).simulator.refusedAt).toEqual([2]);
  });

  test('exclusive: an order closes what is held first', () => {
    const { told } = simulate(
      prices,
      (simulator, bar) => {
        if (bar === 0) simulator.place(0, { size: 2 });
        if (bar === 1) simulator.place(0, { size: -1 });
      },
      {},
      { exclusive: true },
    );
    expect(told).toEqual(['+2@101 in 1', '-2@102 in 2', '-1@102 in 2']);
  });
});

describe('the size of a fraction', () => {
  const bars: readonly SimulatedBar[] = [quiet, [101, 102, 100, 101], [103, 104, 102, 103]];
  const buy = (size: number, terms = {}) =>
    simulate(
      bars,
      afterBar(0, (simulator) => simulator.place(0, { size, of: 'account' })),
      terms,
    ).told;

  test.each<readonly [string, number, object, string]>([
    // floor(10000 / 101) = 99, at the open that was not known when it was ordered.
    ['everything is what the fill price allows', 1, {}, '+99@101 in 1'],
    ['half of it', 0.5, {}, '+49@101 in 1'],
    // 10000 / (101 × 1.001) = 98.91
    ['the fee is in it', 1, { fees: { ...noFees, taker: 0.001 } }, '+98@101 in 1'],
    // (10000 − 60) / 101 = 98.4: a fixed fee counts once
    ['a fixed fee is in it once', 1, { fees: { ...noFees, fixed: 60 } }, '+98@101 in 1'],
    // 101 × 1.005 = 101.505, 10000 / 101.505 = 98.5
    ['half of the spread is in it', 1, { spread: 0.01 }, '+98@101.505 in 1'],
    [
      'margin of a fifth buys five times as much',
      1,
      { initialMargin: 0.2, maintenanceMargin: 0.1 },
      '+495@101 in 1',
    ],
    ['millionths', 1, { lotSize: 1e-6 }, '+99.009900@101 in 1'.replace('00@', '@')],
  ])('%s', (_, size, terms, told) => {
    expect(buy(size, terms)).toEqual([told]);
  });

  test('reverses by closing what stands against it and opening the fraction', () => {
    const { told } = simulate(bars, (simulator, bar) => {
      if (bar === 0) simulator.place(0, { size: 1, of: 'account' });
      if (bar === 1) simulator.place(0, { size: -1, of: 'account' });
    });
    // 99 × (103 − 101) = 198 gained: 10198 / 103 = 99.01
    expect(told).toEqual(['+99@101 in 1', '-99@103 in 2', '-99@103 in 2']);
  });

  test('that buys no lot is refused, and said so', () => {
    const { simulator, told } = simulate(
      [
        [1e5, 1e5, 1e5, 1e5],
        [1e5, 1e5, 1e5, 1e5],
      ],
      (own, bar) => {
        if (bar === 0) own.place(0, { size: 1, of: 'account' });
      },
    );
    expect(told).toEqual([]);
    expect(simulator.refusedAt).toEqual([1]);
  });

  test('prices lie on the grid, on the side that fills later', () => {
    const limited = simulate(
      [quiet, [100, 101, 98.2, 99], [99, 100, 98, 99]],
      afterBar(0, (simulator) => simulator.place(0, { size: 1, limit: 98.13 })),
      { tickSize: 0.05 },
    );
    expect(limited.told).toEqual(['+1@98.1 in 2']);
  });
});
