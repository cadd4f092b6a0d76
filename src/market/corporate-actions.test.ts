import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CandleSeries, CorporateAction } from '../core/index.ts';
import { adjusted } from './adjusted.ts';
import { loadCandleFile } from './candle-file.ts';
import { loadFactorFile, parseFactors } from './factor-file.ts';
import { refuseForeignFactors } from './foreign-factors.ts';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, process.env['ORRERY_DATA'] ?? '../shared/data', 'equities/lean-daily');
const present = existsSync(data);
if (!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all') {
  console.warn(`corporate-actions: skipped, there is no market data in ${data}`);
}

describe('a factor file', () => {
  test('gives a split and a dividend of one day, and none for a row without change', () => {
    // Kept by owners of a unit worth 50: 0.98 of the price, so 1 is paid; then two units become three.
    const rows =
      '20200103,0.98,0.6666667,1\r\n20200110,0.98,0.6666667,50\r\n20200117,1,1,51\r\n20501231,1,1,0\r\n';
    expect(parseFactors(rows, 'f.csv').actions).toEqual([
      { kind: 'split', at: Date.UTC(2020, 0, 13), ratio: 1.5 },
      { kind: 'dividend', at: Date.UTC(2020, 0, 13), amount: 1 },
    ]);
  });

  test.each([
    ['', 'line 1: there are no factors'],
    ['20200103,1,1,1\n20200104,1,x,1\n', 'line 2: not a date'],
    ['20200103,1,1,1\n20200103,1,1,1\n', 'line 2: a row before has this date'],
    ['20200103,1,1,50\n20200106,0.9,1,50\n', 'line 1: the price factor is larger'],
  ])('refuses %j', (text, said) => {
    expect(() => parseFactors(text, 'f.csv')).toThrow(
      expect.objectContaining({
        code: 'candles-invalid',
        message: expect.stringContaining(`f.csv, ${said}`),
      }),
    );
  });
});

describe('a factor file of another symbol', () => {
  const day = 86_400_000;
  const start = Date.UTC(2020, 0, 6);
  const flat = (price: number) => Float64Array.of(price, price, price, price);
  const closing = (price: number): CandleSeries => ({
    ...{ symbol: 'A', intervalMs: day, length: 4 },
    openTime: Float64Array.of(start, start + day, start + 2 * day, start + 3 * day),
    ...{ open: flat(price), high: flat(price), low: flat(price), close: flat(price), volume: flat(1) },
  });
  // The first and the last row are followed by nothing: their prices mean nothing.
  const rows = '20200106,0.98,1,1\n20200107,0.98,1,50\n20200108,0.99,1,51\n20200109,1,1,3\n';
  const refuse = (price: number) => () => refuseForeignFactors(parseFactors(rows, 'f.csv'), closing(price));

  test('is refused with its line and both prices', () => {
    expect(refuse(52)).not.toThrow();
    expect(refuse(120)).toThrow(
      expect.objectContaining({
        code: 'candles-invalid',
        message:
          'f.csv, line 2: the price on 2020-01-07 is 50 there, but A closed at 120; 2 of 2 days differ',
      }),
    );
  });

  test('is not told from its own where no day is in both', () => {
    expect(() =>
      refuseForeignFactors(parseFactors('20300107,0.98,1,50\n20300108,1,1,1\n', 'f'), closing(120)),
    ).not.toThrow();
  });
});

describe('adjusted prices', () => {
  const column = (...values: number[]) => Float64Array.from(values);
  const day = 86_400_000;
  const series: CandleSeries = {
    symbol: 'A',
    intervalMs: day,
    length: 4,
    openTime: column(0, day, 2 * day, 3 * day),
    open: column(100, 100, 50, 50),
    high: column(100, 100, 50, 50),
    low: column(100, 100, 50, 50),
    close: column(100, 100, 50, 50),
    volume: column(10, 10, 20, 20),
  };

  test('join what a split and a dividend tore apart, and know nothing of what follows the last bar', () => {
    const actions: readonly CorporateAction[] = [
      { kind: 'dividend', at: 3 * day, amount: 5 },
      { kind: 'split', at: 2 * day, ratio: 2 },
      { kind: 'split', at: 4 * day, ratio: 10 },
      { kind: 'dividend', at: 0, amount: 7 },
    ];
    const { close, volume, openTime } = adjusted(series, actions);
    // The split doubles what follows it; the dividend, a tenth of the 50 before it, makes 100 / 0.9 of what follows.
    expect([...close]).toEqual([100, 100, 100, 100 / 0.9]);
    expect([...volume]).toEqual([10, 10, 10, 10]);
    expect(openTime).toBe(series.openTime);
    expect([...series.close]).toEqual([100, 100, 50, 50]);
  });
});

describe.skipIf(!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all')('AAPL', () => {
  const factors = async () => (await loadFactorFile(join(data, 'factor_files/aapl.csv'))).actions;

  test('split five times as it did, and paid what it paid', async () => {
    const actions = await factors();
    expect(actions.filter(({ kind }) => kind === 'split')).toEqual([
      { kind: 'split', at: Date.UTC(2000, 5, 21), ratio: 2 },
      { kind: 'split', at: Date.UTC(2005, 1, 28), ratio: 2 },
      { kind: 'split', at: Date.UTC(2014, 5, 9), ratio: 7 },
      { kind: 'split', at: Date.UTC(2020, 7, 31), ratio: 4 },
    ]);
    const paid = new Map(
      actions.flatMap((action) => (action.kind === 'dividend' ? [[action.at, action.amount] as const] : [])),
    );
    // As announced by the company, for a share of that day.
    expect(paid.get(Date.UTC(2012, 7, 9))).toBe(2.65);
    expect(paid.get(Date.UTC(2014, 4, 8))).toBe(3.29);
    expect(paid.get(Date.UTC(2020, 7, 7))).toBe(0.82);
    expect(paid.get(Date.UTC(2020, 10, 6))).toBe(0.205);
  });

  test('adjusted, is the raw price times both factors of its day, by those of the first', async () => {
    const file = join(data, 'aapl.csv');
    const { series } = await loadCandleFile({ symbol: 'AAPL', file, format: 'lean-equity' });
    const { close } = adjusted(series, await factors());
    const factorOn = (date: number, factor: number) => {
      const index = series.openTime.indexOf(date);
      const first = 0.8613657 * 0.00892857;
      expect(close[index]! / series.close[index]! / (factor / first)).toBeCloseTo(1, 5);
    };
    factorOn(Date.UTC(1998, 0, 2), 0.8613657 * 0.00892857);
    factorOn(Date.UTC(2014, 5, 6), 0.9011818 * 0.0357143);
    factorOn(Date.UTC(2014, 5, 9), 0.9011818 * 0.25);
    factorOn(Date.UTC(2020, 7, 28), 0.9967882 * 0.25);
    factorOn(Date.UTC(2020, 7, 31), 0.9967882);
    expect(close[0]).toBe(series.close[0]);
  });
});
