import { describe, expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import { tradeOf } from '../../test/orders.ts';
import type { EquityPoint, Fill } from '../core/index.ts';
import { computeMetrics, exposure, type Market, type Performance } from './index.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Equity at the close of every bar of an instrument without holes. */
const curveOf = (values: readonly number[], intervalMs: number): readonly EquityPoint[] =>
  values.map((equity, index) => ({ at: (index + 1) * intervalMs, equity, cash: equity }));

const daily = (bars: number, assetClass: 'crypto' | 'equity' = 'crypto') =>
  marketOf('A', flatBars(Array.from({ length: bars }, () => 100)), { timeframe: '1d', assetClass });

function performanceOf(values: readonly number[], fields: Partial<Performance> = {}): Performance {
  return {
    capital: 1000,
    equity: curveOf(values, day),
    fills: [],
    trades: [],
    markets: [daily(values.length)],
    ...fields,
  };
}

const fill = (side: Fill['side'], quantity: number, price: number, at: number, instrument = 'A'): Fill => ({
  order: 'o',
  at,
  instrument,
  side,
  quantity,
  price,
  fee: 0,
});

describe('daily returns', () => {
  // Capital 1000, days end at 1100, 990, 1188: returns +0.1, −0.1, +0.2; mean 0.2/3 = 0.0666667.
  // Deviations 1/30, −1/6, 2/15; squares sum to 0.0466667; / (3 − 1) = 0.0233333; root 0.1527525.
  const values = [1100, 990, 1188];

  test('by hand, around the clock', () => {
    const metrics = computeMetrics(performanceOf(values));
    expect(metrics.returnPct).toBeCloseTo(18.8, 10);
    expect(metrics.periodsPerYear).toBe(365);
    expect(metrics.days).toBe(3);
    // 0.1527525 × √365 × 100
    expect(metrics.volatilityPct).toBeCloseTo(291.833_285_741_5, 8);
    // 0.0666667 / 0.1527525 × √365
    expect(metrics.sharpe).toBeCloseTo(8.338_093_878_3, 9);
    // Downside √(0.1² / 3) = 0.0577350
    expect(metrics.sortino).toBeCloseTo(22.060_522_810_4, 9);
    // 1100 → 990
    expect(metrics.maxDrawdownPct).toBeCloseTo(10, 10);
    expect([metrics.cagrPct, metrics.calmar]).toEqual([null, null]);
  });

  test('equities have 252 periods a year, a mixed account 365', () => {
    const metrics = computeMetrics(performanceOf(values, { markets: [daily(3, 'equity')] }));
    expect(metrics.periodsPerYear).toBe(252);
    expect(metrics.volatilityPct).toBeCloseTo(242.487_113_059_6, 8);
    expect(metrics.sharpe).toBeCloseTo(6.928_203_230_3, 9);
    const mixed = computeMetrics(performanceOf(values, { markets: [daily(3, 'equity'), daily(3)] }));
    expect(mixed.periodsPerYear).toBe(365);
  });

  test('a bar belongs to the date it opened on, and a day ends with its last bar', () => {
    // Bars open at 22, 23, 0 and 1 o'clock; the second closes at midnight and still belongs to the first date.
    const shape = { start: 22 * hour };
    const markets = [marketOf('A', flatBars([1, 1, 1, 1]), shape)];
    const equity = [1050, 1100, 2000, 990].map((value, index) => ({
      at: (23 + index) * hour,
      equity: value,
      cash: 0,
    }));
    const metrics = computeMetrics(performanceOf([], { markets, equity }));
    expect(metrics.days).toBe(2);
    // Returns +0.1 and −0.1: mean 0, deviation √(0.02 / 1) = 0.1414214
    expect(metrics.sharpe).toBeCloseTo(0, 12);
    expect(metrics.volatilityPct).toBeCloseTo(Math.sqrt(0.02) * Math.sqrt(365) * 100, 8);
  });

  test('a date without a bar is no day', () => {
    const equity = [1100, 990].map((value, index) => ({ at: (1 + 3 * index) * day, equity: value, cash: 0 }));
    expect(computeMetrics(performanceOf([], { equity, markets: [daily(4)] })).days).toBe(2);
  });

  test.each([
    ['no bar', []],
    ['one day', [1100]],
    ['nothing left', [500, 0, 0]],
    ['a debt', [500, -500, -250]],
  ])('statistics are null with %s', (_, own) => {
    const { sharpe, sortino, volatilityPct } = computeMetrics(performanceOf(own));
    expect([sharpe, sortino, volatilityPct]).toEqual([null, null, null]);
  });

  test('without variation Sharpe is null, without a fall Sortino is', () => {
    expect(computeMetrics(performanceOf([1000, 1000, 1000]))).toMatchObject({
      volatilityPct: 0,
      sharpe: null,
      sortino: null,
      maxDrawdownPct: 0,
    });
    expect(computeMetrics(performanceOf([1100, 1110])).sortino).toBeNull();
  });
});

describe('growth and drawdown', () => {
  const years = (days: number, end: number) =>
    computeMetrics(
      performanceOf(Array.from({ length: days }, (_, index) => (index === days - 1 ? end : 1000))),
    );

  test('CAGR counts days / 365.25: four years of 10 % are 46.41 %', () => {
    const metrics = years(1461, 1464.1);
    expect(metrics.cagrPct).toBeCloseTo(10, 9);
    expect(metrics.calmar).toBeNull();
  });

  test.each([
    [364, false],
    [365, true],
  ])('of %d days it is there: %s', (days, there) => {
    expect(years(days, 1100).cagrPct !== null).toBe(there);
  });

  test('it counts from the first open to the last close, holes and all', () => {
    const bars = [...Array.from({ length: 365 }, () => null), [1, 1] as const];
    const metrics = computeMetrics(
      performanceOf([1000, 1100], { markets: [marketOf('A', [[1, 1], ...bars], { timeframe: '1d' })] }),
    );
    // 367 days: 1.1 ^ (365.25 / 367) = 1.09950
    expect(metrics.cagrPct).toBeCloseTo(9.950_018_96, 7);
  });

  test('Calmar is CAGR over the deepest fall', () => {
    const values: number[] = Array.from({ length: 1461 }, (_, index) => (index === 1460 ? 1464.1 : 1000));
    values[100] = 800;
    expect(computeMetrics(performanceOf(values)).calmar).toBeCloseTo(10 / 20, 9);
  });

  test('nothing is left: no growth to annualise, and a drawdown past 100 % with debts', () => {
    const metrics = years(400, -100);
    expect(metrics.cagrPct).toBeNull();
    expect(metrics.maxDrawdownPct).toBeCloseTo(110, 10);
    expect(metrics.returnPct).toBeCloseTo(-110, 10);
  });

  test('the capital is the first peak, and a later peak counts from itself', () => {
    expect(computeMetrics(performanceOf([900, 950])).maxDrawdownPct).toBeCloseTo(10, 10);
    // 2000 → 1500 is 25 %; the 10 % at the start were less deep.
    expect(computeMetrics(performanceOf([900, 2000, 1500, 1900])).maxDrawdownPct).toBeCloseTo(25, 10);
  });
});

describe('trades', () => {
  const of = (...pnls: readonly number[]) => {
    const { winRatePct, profitFactor } = computeMetrics(performanceOf([1000], { trades: pnls.map(tradeOf) }));
    return [winRatePct, profitFactor];
  };

  test.each([
    ['none', [], [null, null]],
    // 2 of 4 won; 30 / 15
    ['wins and losses', [10, -5, 20, -10], [50, 2]],
    ['an even trade is no win and no loss', [10, 0], [50, null]],
    ['only wins', [10, 20], [100, null]],
    ['only losses', [-10], [0, 0]],
  ])('%s', (_, pnls, expected) => {
    expect(of(...pnls)).toEqual(expected);
  });
});

describe('exposure and turnover', () => {
  test('turnover is traded value over mean equity', () => {
    const fills = [fill('BUY', 5, 100, 0), fill('SELL', 5, 110, day)];
    // (500 + 550) / mean(1000, 1100) = 1
    expect(computeMetrics(performanceOf([1000, 1100], { fills })).turnover).toBeCloseTo(1, 12);
  });

  test('exposure counts bars with a position at their close, over all instruments', () => {
    const markets = ['A', 'B'].map((symbol) => marketOf(symbol, flatBars([100, 100, 100, 100])));
    // A is long at the closes of bars 1 and 2, short at bar 3's; B never.
    const fills = [fill('BUY', 1, 100, hour), fill('SELL', 3, 100, 3 * hour)];
    const equity = curveOf([1000, 1000, 1000, 1000], hour);
    expect(computeMetrics({ ...performanceOf([]), markets, fills, equity }).exposurePct).toBe(37.5);
    // Shares 0, 0.1, 0.1 and 0.2 of equity
    expect(exposure(markets, fills, equity).barsHeld).toBe(3);
    expect(exposure(markets, fills, equity).meanShare).toBeCloseTo(0.1, 12);
  });

  test('bars that warm up do not count', () => {
    const warm = marketOf('A', flatBars([100, 100, 100, 100]), { from: 2 });
    const equity = curveOf([1000, 1000, 1000, 1000], hour).slice(2);
    expect(
      computeMetrics({
        ...performanceOf([]),
        markets: [warm],
        equity,
        fills: [fill('BUY', 1, 100, 3 * hour)],
      }),
    ).toMatchObject({
      exposurePct: 50,
    });
  });

  test('units left over by decimals are no position', () => {
    const markets = [marketOf('A', flatBars([100, 100]))];
    const fills = [fill('BUY', 0.1, 100, 0), fill('BUY', 0.2, 100, 0), fill('SELL', 0.3, 100, hour)];
    expect(exposure(markets, fills, curveOf([1000, 1000], hour)).barsHeld).toBe(1);
  });

  test('a position is held while its instrument rests', () => {
    const a = marketOf('A', [[100, 100], null, null, [100, 100]]);
    const b = marketOf('B', flatBars([50, 50, 50, 50]));
    const measured = exposure([a, b], [fill('BUY', 2, 100, 0)], curveOf([1000, 1000, 1000, 1000], hour));
    expect(measured.barsHeld).toBe(2);
    // 200 of 1000 at every instant, the two without a bar of A included
    expect(measured.meanShare).toBeCloseTo(0.2, 12);
  });

  test('of a run that goes on, the bars it has not reached do not count', () => {
    const markets: readonly Market[] = [marketOf('A', flatBars([100, 100, 100, 100]))];
    const measured = exposure(markets, [fill('BUY', 2, 100, 0)], curveOf([1000, 1000], hour));
    expect(measured).toEqual({ barsHeld: 2, meanShare: 0.2 });
  });

  test('of nothing it is nothing', () => {
    expect(exposure([], [], [])).toEqual({ barsHeld: 0, meanShare: 0 });
    expect(computeMetrics(performanceOf([], { markets: [] }))).toMatchObject({
      returnPct: 0,
      exposurePct: 0,
      turnover: 0,
      days: 0,
    });
  });
});
