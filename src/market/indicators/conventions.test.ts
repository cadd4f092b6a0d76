import { describe, expect, test } from 'vitest';
import { IndicatorSet } from './index.ts';

const hour = 3_600_000;
const nan = Number.NaN;

interface Candles {
  readonly close: readonly number[];
  /** The close by default, as is the low. */
  readonly high?: readonly number[];
  readonly low?: readonly number[];
  /** 1 by default. */
  readonly volume?: readonly number[];
}

/** Hourly, from 22:00 UTC on, so that the third bar opens a new day. */
function computed(name: string, { close, high = close, low = close, volume = close.map(() => 1) }: Candles) {
  const set = new IndicatorSet({
    openTime: Float64Array.from(close, (_, i) => (22 + i) * hour),
    high: Float64Array.from(high),
    low: Float64Array.from(low),
    close: Float64Array.from(close),
    volume: Float64Array.from(volume),
  });
  const column = set.column(name);
  set.advance(close.length);
  return Array.from(column.values, (value) => Number(value.toFixed(10)));
}

describe('by hand', () => {
  test('wma: (1·1 + 2·2 + 6·3) / 6, then (1·2 + 2·6 + 7·3) / 6', () => {
    expect(computed('wma-3', { close: [1, 2, 6, 7] })).toEqual([nan, nan, 23 / 6, 35 / 6].map(tenDigits));
  });

  test('dema and tema: neither lags on a straight line, where the average lags by (3 - 1) / 2 bars', () => {
    const close = Array.from({ length: 9 }, (_, i) => 5 + i);
    expect(computed('ema-3', { close }).at(-1)).toBe(12);
    expect(computed('dema-3', { close })).toEqual([nan, nan, nan, nan, 9, 10, 11, 12, 13]);
    expect(computed('tema-3', { close })).toEqual([nan, nan, nan, nan, nan, nan, 11, 12, 13]);
  });

  test('kama: straight 1 2 3 takes (2/3)² of the way from 2 to 3; 3 2 3 walks 2 for 0, and takes (2/31)²', () => {
    const first = 2 + (2 / 3) ** 2;
    const second = first + (2 - first) * (2 / 31) ** 2;
    expect(computed('kama-2', { close: [1, 2, 3, 2] })).toEqual([nan, nan, first, second].map(tenDigits));
  });

  test('trix: triply averaged over one bar it is the change in per cent, as roc-1 is', () => {
    expect(computed('trix-1', { close: [4, 5, 4] })).toEqual([nan, 25, -20]);
    expect(computed('roc-1', { close: [4, 5, 4] })).toEqual([nan, 25, -20]);
    expect(computed('momentum-2', { close: [4, 5, 7] })).toEqual([nan, nan, 3]);
  });

  test('highest and lowest count the bar itself; aroon takes the latest of equal extremes', () => {
    const candles = { close: [2, 2, 2, 2], high: [5, 4, 5, 3], low: [1, 1, 2, 2] };
    expect(computed('highest-2', candles)).toEqual([nan, 5, 5, 5]);
    expect(computed('lowest-3', candles)).toEqual([nan, nan, 1, 1]);
    // Of three bars, this one and two before: the high is now, then a bar ago; the low a bar ago, then two.
    expect(computed('aroon-2.up', candles)).toEqual([nan, nan, 100, 50]);
    expect(computed('aroon-2.down', candles)).toEqual([nan, nan, 50, 0]);
  });

  test('stochastic: 3 lies at 1/2 of 1 … 5, 5 at the top, 1 at the bottom; k is known as late as d', () => {
    const candles = { close: [3, 5, 1, 3], high: [5, 5, 5, 5], low: [1, 1, 1, 1] };
    expect(computed('stochastic-1-1-2.k', candles)).toEqual([nan, 100, 0, 50]);
    expect(computed('stochastic-1-1-2.d', candles)).toEqual([nan, 75, 50, 25]);
    expect(computed('stochastic-fast-1-2.k', candles)).toEqual([nan, 100, 0, 50]);
    expect(computed('williams-r-1', candles)).toEqual([-50, 0, -100, -50]);
  });

  test('cci: of 1 2 6 the mean is 3, the mean deviation (2 + 1 + 3) / 3, so 3 / (0.015 · 2)', () => {
    expect(computed('cci-3', { close: [1, 2, 6] })).toEqual([nan, nan, 100]);
  });

  test('mfi: 12 · 2 flow in, 11 · 4 out; a bar that stands still counts for neither', () => {
    const candles = { close: [10, 12, 11, 11], volume: [9, 2, 4, 7] };
    expect(computed('mfi-2', candles)).toEqual([nan, nan, tenDigits(2400 / 68), 0]);
  });

  test('parabolic-sar: a long that follows at 0.1, is caught at 8, and turns to the highest high', () => {
    const candles = { close: [9, 11, 12, 8, 7], high: [10, 12, 13, 9, 8], low: [8, 10, 11, 7, 6] };
    // From the low 8: + 0.1 · (12 - 8) = 8.4; 7 lies below it. Then 13 + 0.1 · (7 - 13), but never below the high of
    // the bar before, and that was 13.
    expect(computed('parabolic-sar-0.1-0.2', candles)).toEqual([nan, 8, 8.4, 13, 13]);
  });

  test('parabolic-sar starts short, at the first high, when the second bar falls farther than it rises', () => {
    const candles = { close: [9, 8, 7], high: [10, 9, 8], low: [8, 7, 6] };
    expect(computed('parabolic-sar', candles).slice(0, 2)).toEqual([nan, 10]);
  });

  test('ultimate-oscillator: 1 of 2 in the short period weighs 4, 4 of 4 two, 4 of 6 one', () => {
    const candles = { close: [2, 2, 4, 3], high: [2, 4, 4, 4], low: [2, 2, 2, 2] };
    const short = 1 / 2;
    const middle = 3 / 4;
    const long = 3 / 6;
    const value = (100 * (4 * short + 2 * middle + long)) / 7;
    expect(computed('ultimate-oscillator-1-2-3', candles).at(-1)).toBe(tenDigits(value));
  });

  test('obv starts with its first volume and stands still with the close', () => {
    expect(computed('obv', { close: [5, 6, 6, 4], volume: [10, 1, 2, 3] })).toEqual([10, 11, 11, 8]);
  });

  test('accumulation-distribution: at the top all of the volume, at 1/4 half of it away', () => {
    const candles = { close: [4, 1, 3], high: [4, 4, 3], low: [0, 0, 3], volume: [10, 4, 9] };
    expect(computed('accumulation-distribution', candles)).toEqual([10, 8, 8]);
  });

  test('vwap weighs by volume, and its session starts anew at midnight UTC', () => {
    const candles = { close: [10, 20, 40], volume: [1, 3, 4] };
    expect(computed('vwap', candles)).toEqual([10, 17.5, 28.75]);
    expect(computed('vwap.session', candles)).toEqual([10, 17.5, 40]);
  });
});

describe('a price that does not move', () => {
  // 0.1 is no binary fraction: a sum of twenty, divided by twenty, is not 0.1.
  const flat = { close: Array.from({ length: 60 }, () => 0.1) };

  test.each([
    ['rsi', 0],
    ['cci', 0],
    ['williams-r', 0],
    ['stochastic', 0],
    ['stochastic-rsi', 0],
    ['mfi', 0],
    ['ultimate-oscillator', 0],
    ['adx', 0],
    ['natr', 0],
    ['trix', 0],
    ['aroon', 100],
    ['kama-10', 0.1],
    ['bollinger.upper', 0.1],
    ['parabolic-sar', 0.1],
  ])('%s is %d', (name, value) => {
    expect(computed(name, flat).at(-1)).toBe(value);
  });
});

describe('what once moved leaves nothing behind', () => {
  const stirred = Array.from({ length: 60 }, (_, i) => (i < 5 ? 0.1 + i * 1e5 : 0.1));

  test.each(['mfi', 'ultimate-oscillator', 'cci', 'standard-deviation'])('%s', (name) => {
    expect(computed(name, { close: stirred }).at(-1)).toBe(0);
  });
});

describe('without volume', () => {
  const volume = [0, 0, 0, 5];

  test('vwap is the typical price until there is some, and obv and mfi are 0', () => {
    expect(computed('vwap', { close: [1, 2, 3, 4], volume })).toEqual([1, 2, 3, 4]);
    expect(computed('obv', { close: [1, 2, 3, 4], volume })).toEqual([0, 0, 0, 5]);
    expect(computed('mfi-2', { close: [1, 2, 3, 4], volume })).toEqual([nan, nan, 0, 100]);
  });
});

function tenDigits(value: number): number {
  return Number(value.toFixed(10));
}
