import { describe, expect, test } from 'vitest';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import { OrreryError } from '../core/index.ts';
import { freeTerms, honest } from '../trading/index.ts';
import { backtest, defineStrategy, type OrderWish } from './index.ts';

const bars: readonly SimulatedBar[] = [
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [102, 106, 94, 104],
  [104, 105, 103, 104],
];
const series = seriesOf(bars);
const instrument = {
  symbol: 'A',
  assetClass: 'equity',
  currency: 'USD',
  timeframe: '1h',
  adjusted: null,
} as const;

/** What comes of orders placed after bar 1: signed units and prices of what is held at the end. */
function held(...wishes: readonly (OrderWish & { readonly sell?: boolean })[]) {
  const strategy = defineStrategy({
    next({ index, buy, sell }) {
      if (index === 1) for (const { sell: sells, ...wish } of wishes) (sells === true ? sell : buy)(wish);
    },
  });
  const { simulator } = backtest(strategy, {}, [{ instrument, series, from: 0, to: 4 }], {
    cash: 10_000,
    conventions: honest,
    terms: new Map([['A', freeTerms]]),
    hedging: true,
    exclusive: false,
    tradeOnClose: false,
    finalize: false,
  });
  return simulator.account.books[0]!.lots.map(({ size, entryPrice }) => [size, entryPrice]);
}

describe('what a strategy asks for', () => {
  test.each<
    readonly [string, readonly (OrderWish & { readonly sell?: boolean })[], readonly (readonly number[])[]]
  >([
    ['on open', [{ size: 5, on: 'open' }], [[5, 102]]],
    ['on close', [{ size: 5, on: 'close' }], [[5, 104]]],
    [
      'until a time that has come',
      [{ size: 5, limit: 95, timeInForce: 'gtd', expiresAt: series.openTime[2]! }],
      [],
    ],
    [
      'until a later time',
      [{ size: 5, limit: 95, timeInForce: 'gtd', expiresAt: series.openTime[3]! }],
      [[5, 95]],
    ],
    [
      'the first of a group',
      [
        { size: 5, stop: 105, group: 'g' },
        { size: 5, stop: 95, group: 'g', sell: true },
      ],
      [[5, 105]],
    ],
  ])('%s', (_, wishes, lots) => {
    expect(held(...wishes)).toEqual(lots);
  });

  test.each<readonly [string, object]>([
    ['a price in words', { limit: '95' }],
    ['a size below 0', { size: -0.5 }],
    ['a lifetime nobody knows', { timeInForce: 'banana' }],
    ['a time that is lacking', { timeInForce: 'gtd' }],
    ['a limit on close', { on: 'close', limit: 95 }],
  ])('%s is refused', (_, wish) => {
    expect(() => held(wish)).toThrow(OrreryError);
    expect(() => held(wish)).toThrow(/the strategy failed at the bar of 2024-01-01T01:00:00.000Z/);
  });

  test.each([
    ['stopLoss', 'sl'],
    ['take_profit', 'tp'],
    ['qty', 'size'],
    ['quantity', 'size'],
    ['limt', 'limit'],
    ['reduceonly', 'reduceOnly'],
  ])('%s is refused, and %s is offered', (name, known) => {
    expect(() => held({ [name]: 90 })).toThrow(OrreryError);
    expect(() => held({ [name]: 90 })).toThrow(`an order has no "${name}". Did you mean ${known}?`);
  });

  test('a field that resembles none is refused with all there are', () => {
    expect(() => held({ banana: 1 } as object)).toThrow(/no "banana". There are size, limit, stop, sl/);
  });

  test('a field left undefined is one left out', () => {
    expect(held({ size: 5, sl: undefined } as object)).toEqual([[5, 102]]);
  });
});

describe('what a strategy must not do', () => {
  const run = (next: Parameters<typeof defineStrategy>[0]['next'], params = {}) =>
    backtest(defineStrategy({ params, next }), params, [{ instrument, series, from: 0, to: 4 }], {
      cash: 10_000,
      conventions: honest,
      terms: new Map([['A', freeTerms]]),
      ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
    });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 'abc'])('protect at %s', (price) => {
    expect(() => run(({ protect }) => protect(price as number))).toThrow('protect takes a price above 0');
  });

  test('trade on a part of the bar that there is not', () => {
    expect(() => run(({ buy }) => buy({ on: 'banana' as 'open' }))).toThrow('on "banana" is not one of');
  });

  test('write to its parameters', () => {
    const params = { n: 1 };
    expect(() =>
      run((context) => {
        (context.params as { n: number }).n++;
      }, params),
    ).toThrow(OrreryError);
    expect(params).toEqual({ n: 1 });
  });
});

test('a part of a position is closed in the lots the instrument is traded in', () => {
  const play = (lotSize: number) => {
    const { simulator } = backtest(
      defineStrategy({
        next({ index, buy, close }) {
          if (index === 1) buy({ size: 2 });
          if (index === 2) close(0.25);
        },
      }),
      {},
      [{ instrument, series, from: 0, to: 4 }],
      {
        cash: 10_000,
        conventions: honest,
        terms: new Map([['A', { ...freeTerms, lotSize }]]),
        ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
      },
    );
    return simulator.account.books[0]!.units;
  };
  expect(play(1)).toBe(1);
  expect(play(1e-6)).toBe(1.5);
  expect(play(0)).toBe(1.5);
});
