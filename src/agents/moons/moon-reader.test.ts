import { describe, expect, test } from 'vitest';
import type { CandleSeries } from '../../core/index.ts';
import { createMoonReader, type Moon, parseMoon } from './index.ts';

function candles(closes: readonly number[], changes: Partial<CandleSeries> = {}): CandleSeries {
  const close = Float64Array.from(closes);
  return {
    symbol: 'TEST',
    intervalMs: 3_600_000,
    length: close.length,
    openTime: close.map((_, i) => i * 3_600_000),
    open: close,
    high: close,
    low: close,
    close,
    volume: close,
    ...changes,
  };
}

/** The last close, counting how often it is computed. */
function countedMoon(name = 'counted'): Moon & { computed(): number } {
  let times = 0;
  return {
    name,
    warmUp: () => 0,
    compute({ close }) {
      times++;
      return { lines: [{ suffix: '', unit: 'price', values: close }], critical: null };
    },
    computed: () => times,
  };
}

describe('results are shared', () => {
  test('between calls for one series, and between series of equal content, whatever they are called', () => {
    const reader = createMoonReader();
    const moon = countedMoon();
    const once = candles([1, 2, 3]);
    const result = reader.read(once, moon);
    expect(reader.read(once, moon)).toBe(result);
    expect(reader.read(candles([1, 2, 3], { symbol: 'OTHER' }), moon)).toBe(result);
    expect(moon.computed()).toBe(1);
  });

  test('never between contents that differ in one price, in the interval or in the time, nor between moons', () => {
    const reader = createMoonReader();
    const moon = countedMoon();
    reader.read(candles([1, 2, 3]), moon);
    reader.read(candles([1, 2, 4]), moon);
    reader.read(candles([1, 2, 3], { intervalMs: 60_000 }), moon);
    reader.read(candles([1, 2, 3], { openTime: Float64Array.of(0, 1, 2) }), moon);
    reader.read(candles([1, 2, 3], { low: Float64Array.of(1, 2, 2) }), moon);
    expect(moon.computed()).toBe(5);
    const other = countedMoon('other');
    reader.read(candles([1, 2, 3]), other);
    expect(other.computed()).toBe(1);
  });

  test('of parts of one buffer by the part, not the whole', () => {
    const buffer = Float64Array.of(1, 2, 3, 4);
    const reader = createMoonReader();
    const [front, back] = [buffer.subarray(0, 2), buffer.subarray(2)];
    reader.read(candles([...front], { close: front }), parseMoon('sma-2'));
    const { lines } = reader.read(candles([...front], { close: back }), parseMoon('sma-2'));
    expect(lines[0]!.values[1]).toBe(3.5);
  });

  test('with a bound: many other contents push one out, but not while its series is in use', () => {
    const reader = createMoonReader();
    const moon = countedMoon();
    const inUse = candles([0]);
    reader.read(inUse, moon);
    for (let i = 1; i <= 20; i++) reader.read(candles([i]), moon);
    reader.read(inUse, moon);
    expect(moon.computed()).toBe(21);
    reader.read(candles([0]), moon);
    expect(moon.computed()).toBe(22);
  });
});

describe('readings at a bar', () => {
  test('name every line, with null while warming up, and flag the main value alone', () => {
    const rise = Array.from({ length: 60 }, (_, i) => (i < 40 ? 100 - i : 60 + 3 * i));
    const reader = createMoonReader();
    const moons = [parseMoon('sma-50'), parseMoon('macd')];
    const early = reader.readings(candles(rise), 40, moons);
    expect(early.map(({ name, value }) => [name, value === null])).toEqual([
      ['sma-50', true],
      ['macd', false],
      ['macd.signal', false],
      ['macd.histogram', false],
    ]);
    // The fall turned into a rise at bar 40: the line crosses its signal there.
    expect(early.map(({ critical }) => critical)).toEqual([false, true, false, false]);
    const [average] = reader.readings(candles(rise), 49, moons);
    // Bars 0 … 39 from 100 down to 61, and 40 … 49 from 180 up to 207 by threes: (3220 + 1935) / 50.
    expect(average).toEqual({ name: 'sma-50', value: 103.1, unit: 'price', critical: false });
  });

  test.each([-1, 3, 0.5, Number.NaN])('there is no bar %s among three', (index) => {
    expect(() => createMoonReader().readings(candles([1, 2, 3]), index, [countedMoon()])).toThrow(RangeError);
  });
});
