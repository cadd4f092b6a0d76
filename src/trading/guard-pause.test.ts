import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf, capital, held, limits, orderOf, told, tradeOf } from '../../test/orders.ts';
import type { Trade } from '../core/index.ts';
import { Guard } from './index.ts';

describe('drawdown', () => {
  test('is measured from the highest equity observed', () => {
    const guard = new Guard(limits, capital);
    guard.observe(12_000, []);
    guard.observe(11_000, []);
    expect(guard.drawdownPct(10_800)).toBeCloseTo(10, 12);
    expect(guard.drawdownPct(12_000)).toBe(0);
  });

  test.each([
    [9_000.01, '10 whole'],
    [9_000, '5 cut: size halved: drawdown 10.00 % is past 10 %'],
    [8_500, '5 cut: size halved: drawdown 15.00 % is past 10 %'],
  ])('at equity %d of 10,000 an order of 10 is %s', (equity, expected) => {
    const guard = new Guard(limits, capital);
    guard.observe(equity, []);
    expect(told(guard.review(orderOf({ quantity: 10 }), accountOf({ equity }), 'crypto'))).toBe(expected);
  });

  test('halves what opens, not what closes', () => {
    const account = { equity: 9_000, positions: [held('A', -4, 101)] };
    const answer = new Guard(limits, capital).review(orderOf({ quantity: 14 }), accountOf(account), 'crypto');
    expect(told(answer)).toBe('9 cut: size halved: drawdown 10.00 % is past 10 %');
  });
});

/** For each bar: whether an opening passes at it. */
function openingsOver(guard: Guard, bars: readonly (readonly [equity: number, closed?: readonly Trade[]])[]) {
  return bars.map(([equity, closed = []]) => {
    guard.observe(equity, closed);
    return guard.review(orderOf({ quantity: 1 }), accountOf({ equity }), 'crypto').kind === 'approved';
  });
}
const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe('openings pause for 24 bars', () => {
  test('at drawdownPct, that bar included; then the peak is where the account stands', () => {
    const guard = new Guard(limits, capital);
    const bars = [[8_000.01], [8_000], ...times(23, [8_000] as const), [8_000], [7_300]] as const;
    expect(openingsOver(guard, bars)).toEqual([true, ...times(24, false), true, true]);
    expect(guard.drawdownPct(8_000)).toBe(0);
  });

  test('counting the bars left', () => {
    const guard = new Guard(limits, capital);
    const reasons = times(25, 8_000).map((equity) => {
      guard.observe(equity, []);
      return told(guard.review(orderOf({}), accountOf({ equity }), 'crypto'));
    });
    const why = 'drawdown 20.00 % has reached 20 %';
    expect(reasons[0]).toBe(`refused: no openings for 24 more bars: ${why}`);
    expect(reasons[23]).toBe(`refused: no openings for 1 more bar: ${why}`);
    expect(reasons[24]).toBe('1 whole');
  });

  test('a fall from the new peak pauses again', () => {
    const guard = new Guard(limits, capital);
    const first = openingsOver(guard, times(25, [8_000] as const));
    const second = openingsOver(guard, [[6_400.01], [6_400]]);
    expect([first.at(-1), ...second]).toEqual([true, true, false]);
  });

  test('falling further during the pause does not lengthen it', () => {
    const guard = new Guard(limits, capital);
    const bars = Array.from({ length: 25 }, (_, bar) => [8_000 - 100 * bar] as const);
    expect(openingsOver(guard, bars)).toEqual([...times(24, false), true]);
  });

  test('after lossStreak losing trades in a row, over however many bars', () => {
    const guard = new Guard(limits, capital);
    const loss = [capital, [tradeOf(-1)]] as const;
    const quiet = [capital] as const;
    const bars = [
      loss,
      quiet,
      loss,
      [capital, [tradeOf(-1), tradeOf(-1)]],
      loss,
      ...times(24, quiet),
    ] as const;
    expect(openingsOver(guard, bars)).toEqual([...times(4, true), ...times(24, false), true]);
  });

  test('a trade that lost nothing ends a streak, and a pause forgets it', () => {
    const guard = new Guard({ ...limits, lossStreak: 2 }, capital);
    const loss = [capital, [tradeOf(-1)]] as const;
    const even = [capital, [tradeOf(0)]] as const;
    expect(openingsOver(guard, [loss, even, loss, loss])).toEqual([true, true, true, false]);
    // Losses of positions that close during the pause are forgotten with it.
    const during = [loss, loss, ...times(21, [capital] as const), loss];
    expect(openingsOver(guard, during)).toEqual([...times(23, false), true]);
    expect(openingsOver(guard, [loss, loss])).toEqual([true, false]);
  });
});

const day = fc.tuple(
  fc.double({ min: 5_000, max: 12_000, noNaN: true }),
  fc.array(fc.constantFrom(-1, -1, -1, 1).map(tradeOf), { maxLength: 2 }),
);

test('the state of a guard, through JSON, has the same future', () => {
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 80 }), fc.nat(79), (days, cut) => {
      const whole = new Guard(limits, capital);
      openingsOver(whole, days.slice(0, cut));
      const restored = new Guard(limits, JSON.parse(JSON.stringify(whole.state())));
      expect(openingsOver(restored, days.slice(cut))).toEqual(openingsOver(whole, days.slice(cut)));
      expect(restored.state()).toEqual(whole.state());
    }),
  );
});
