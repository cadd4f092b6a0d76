import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adx, atr, bollinger, ema, macd, rsi, sma, standardDeviation, trueRange } from './index.ts';

const column = (...values: number[]) => Float64Array.of(...values);
const nan = Number.NaN;

describe('by hand', () => {
  test('sma: (1+2+6)/3 = 3, (2+6+7)/3 = 5', () => {
    expect(sma(column(1, 2, 6, 7), 3)).toEqual(column(nan, nan, 3, 5));
  });

  test('ema: seeded with the mean 3, then half the way to each value, since 2 / (3 + 1) = 1/2', () => {
    expect(ema(column(1, 2, 6, 7, 1), 3)).toEqual(column(nan, nan, 3, 5, 3));
  });

  test('rsi: gains 2 and 0, losses 0 and 1 give 100 · 1 / 1.5; then a gain of 1 makes 1 and 0.25', () => {
    const values = rsi(column(10, 12, 11, 12), 2);
    expect(values.subarray(0, 2)).toEqual(column(nan, nan));
    expect(values[2]).toBeCloseTo(100 / 1.5, 10);
    expect(values[3]).toBeCloseTo(100 / 1.25, 10);
  });

  test('rsi of a price that does not move is 0, of one that only rises 100', () => {
    expect(rsi(column(5, 5, 5), 2)[2]).toBe(0);
    expect(rsi(column(5, 6, 7), 2)[2]).toBe(100);
  });

  test('macd: on a straight line the averages lag by (12-1)/2 and (26-1)/2 bars, so the line is 7', () => {
    const { line, signal, histogram } = macd(
      Float64Array.from({ length: 40 }, (_, i) => i),
      12,
      26,
      9,
    );
    expect(line[32]).toBeNaN();
    for (const i of [33, 39]) {
      expect(line[i]).toBeCloseTo(7, 10);
      expect(signal[i]).toBeCloseTo(7, 10);
      expect(histogram[i]).toBeCloseTo(0, 10);
    }
  });

  test('standard deviation: 2 4 4 4 5 5 7 9 has mean 5 and variance 32/8, so 2', () => {
    expect(standardDeviation(column(2, 4, 4, 4, 5, 5, 7, 9), 8)[7]).toBe(2);
    const bands = bollinger(column(2, 4, 4, 4, 5, 5, 7, 9), 8);
    expect([bands.upper[7], bands.middle[7], bands.lower[7]]).toEqual([9, 5, 1]);
  });

  test('true range reaches to the close before: 20 to 13 is 7, 20 to 25 is 5, and 24 to 23 is 1', () => {
    const [high, low, close] = [column(20, 15, 25, 24), column(20, 13, 24, 23), column(20, 20, 24, 23)];
    expect(trueRange(high, low, close)).toEqual(column(nan, 7, 5, 1));
    // Mean of 7 and 5 is 6; then half of 6 and half of 1.
    expect(atr(high, low, close, 2)).toEqual(column(nan, nan, 6, 3.5));
  });

  test('adx of a market that only rises is 100, of one that stands still 0', () => {
    const rising = Float64Array.from({ length: 8 }, (_, i) => i + 1);
    const up = adx(rising, rising, rising, 3);
    expect([up.plusDi[2], up.plusDi[3], up.minusDi[3]]).toEqual([nan, 100, 0]);
    expect([up.adx[4], up.adx[7]]).toEqual([nan, 100]);
    const flat = new Float64Array(8).fill(5);
    expect(adx(flat, flat, flat, 3).adx[7]).toBe(0);
  });
});

const everyIndicator: Record<string, (values: Float64Array, period: number) => Float64Array> = {
  sma,
  ema,
  rsi,
  standardDeviation,
  upper: (values, period) => bollinger(values, period).upper,
  histogram: (values, period) => macd(values, period, period + 1, period).histogram,
  atr: (values, period) => atr(values, values, values, period),
  adx: (values, period) => adx(values, values, values, period).adx,
};

describe.each(Object.entries(everyIndicator))('%s', (_, indicator) => {
  test.each([0, -1, 1.5, nan])('refuses the period %s', (period) => {
    expect(() => indicator(column(1, 2, 3), period)).toThrow(RangeError);
  });

  test('is unknown throughout when there are too few values', () => {
    expect(indicator(column(), 3)).toEqual(column());
    expect(indicator(column(1, 2), 3)).toEqual(column(nan, nan));
  });
});

test('macd refuses a fast period that is not below the slow one', () => {
  expect(() => macd(column(1, 2, 3), 26, 26, 9)).toThrow(RangeError);
});

const prices = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 120 });

describe('sliding windows', () => {
  test('mean and deviation equal those taken from each window alone', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 30 }), (list, period) => {
        const values = Float64Array.from(list);
        const [means, deviations] = [sma(values, period), standardDeviation(values, period)];
        const scale = Math.max(...values);
        for (let i = period - 1; i < values.length; i++) {
          const window = values.subarray(i - period + 1, i + 1);
          const mean = window.reduce((sum, value) => sum + value, 0) / period;
          const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / period;
          expect(Math.abs(means[i]! - mean)).toBeLessThan(1e-12 * scale);
          // Near 0 the root magnifies the rounding of the sum, hence the square.
          expect(Math.abs(deviations[i]! ** 2 - variance)).toBeLessThan(1e-12 * scale * scale);
        }
      }),
      { seed: 1 },
    );
  });

  test('one absurd value leaves nothing behind, and a flat window has deviation 0 exactly', () => {
    const values = new Float64Array(100).fill(0.1);
    values[10] = 1e15;
    expect(sma(values, 20)[99]).toBeCloseTo(0.1, 15);
    expect(standardDeviation(values, 20)[30]).toBe(0);
    expect(bollinger(values, 20).middle[30]).toBe(0.1);
  });
});
