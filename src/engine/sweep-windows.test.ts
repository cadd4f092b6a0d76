import { expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import { dayMs } from '../core/index.ts';
import { marketsWithin, walkForwardStretches } from './sweep-windows.ts';

/** 30 days of bars of 6 hours. */
const market = marketOf('SYN-A', flatBars(Array.from({ length: 120 }, (_, bar) => 100 + bar)), {
  timeframe: '6h',
});

test('each test follows its train, after the embargo, and begins where the last ended', () => {
  const windows = walkForwardStretches([market], { train: 10, test: 8, embargo: 2 });
  const days = ({ from, to }: { readonly from: number; readonly to: number }) => [from / dayMs, to / dayMs];
  expect(windows.map(({ train, test: after }) => [days(train), days(after)])).toEqual([
    [
      [0, 10],
      [12, 20],
    ],
    [
      [8, 18],
      [20, 28],
    ],
  ]);
});

test('within a stretch later bars are not there, and earlier ones warm up', () => {
  const [within] = marketsWithin([market], { from: 12 * dayMs, to: 20 * dayMs });
  expect(within).toMatchObject({ from: 48, to: 80, series: { length: 80 } });
  expect(within?.series.close).toHaveLength(80);
});

test('too few days for one window are refused', () => {
  expect(() => walkForwardStretches([market], { train: 25, test: 5, embargo: 1 })).toThrow(
    /30 days of candles/,
  );
});
