import { expect, test } from 'vitest';
import type { CandleSeries } from '../core/index.ts';
import { resample } from './resample.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A bar a quarter of an hour long at each of these minutes; bar n opens at n, closes at n + 1, and 1 was traded. */
function quarters(...minutes: readonly number[]): CandleSeries {
  const column = (value: (place: number) => number) => Float64Array.from(minutes, (_, place) => value(place));
  return {
    symbol: 'A',
    intervalMs: 15 * minute,
    length: minutes.length,
    openTime: column((place) => minutes[place]! * minute),
    open: column((place) => place),
    high: column((place) => place + 1.5),
    low: column((place) => place - 0.5),
    close: column((place) => place + 1),
    volume: column(() => 1),
  };
}

test('hours of quarters: a hole stays a hole, and what has not ended is left out', () => {
  const series = resample(quarters(0, 15, 30, 45, 75, 90, 180, 225, 240, 255), hour);
  expect({ ...series, symbol: series.symbol }).toMatchObject({ symbol: 'A', intervalMs: hour, length: 3 });
  expect([...series.openTime]).toEqual([0, hour, 3 * hour]);
  expect([...series.open]).toEqual([0, 4, 6]);
  expect([...series.high]).toEqual([4.5, 6.5, 8.5]);
  expect([...series.low]).toEqual([-0.5, 3.5, 5.5]);
  expect([...series.close]).toEqual([4, 6, 8]);
  expect([...series.volume]).toEqual([4, 2, 2]);
});

test('the last hour counts when the bars reach its end, and days begin at midnight', () => {
  expect(resample(quarters(0, 45), hour).length).toBe(1);
  expect(resample(quarters(0, 30), hour).length).toBe(0);
  expect([...resample(quarters(1439 + 1, 2879 - 14), 24 * hour).openTime]).toEqual([24 * hour]);
  expect(resample(quarters(0, 15), 15 * minute).length).toBe(2);
  expect(resample(quarters(), hour).length).toBe(0);
});

test('no bar is made of one that ends after it', () => {
  expect(() => resample(quarters(0, 50), hour)).toThrow(/the bar of 1970-01-01T00:50:00.000Z reaches over/);
});

test.each([25, 10, 7.5])('bars of 15 minutes make none of %d', (minutes) => {
  expect(() => resample(quarters(0, 15), minutes * minute)).toThrow(
    expect.objectContaining({ code: 'usage-invalid' }),
  );
});
