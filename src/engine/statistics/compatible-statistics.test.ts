import { describe, expect, test } from 'vitest';
import { type CompatibleTrades, compatibleStatistics } from './index.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday. */
const monday = Date.UTC(2024, 0, 1);

const noTrades: CompatibleTrades = {
  entryBar: new Float64Array(),
  exitBar: new Float64Array(),
  pnl: new Float64Array(),
  commission: new Float64Array(),
  returnFraction: new Float64Array(),
};

function statisticsOf(
  openTime: readonly number[],
  equity: readonly number[],
  trades: Partial<CompatibleTrades> = {},
) {
  return compatibleStatistics({
    openTime: Float64Array.from(openTime),
    close: Float64Array.from(equity, (_, bar) => 100 + (bar % 3)),
    equity: Float64Array.from(equity),
    firstNextBar: 1,
    trades: { ...noTrades, ...trades },
  });
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, bar) => monday + bar * ms);
const months = [0, 1, 2, 3].map((month) => Date.UTC(2024, month + 4, 1));

describe('a year', () => {
  // From 100 to 121 in n − 1 periods: in a year of Y periods that is 1.21^(Y / (n − 1)).
  test.each([
    ['of weekdays', every(day, 4), 252],
    ['with weekends', every(day, 7), 365],
    ['of weeks', every(7 * day, 4), 52],
    ['of months', months, 12],
    ['of years', [2021, 2022, 2023, 2025].map((year) => Date.UTC(year, 0, 1)), 1],
  ])('%s', (_, openTime, periods) => {
    const { annualReturnPct } = statisticsOf(
      openTime,
      [100, 110, 99, 121, 121, 121, 121].slice(0, openTime.length),
    );
    expect(annualReturnPct! / ((1.21 ** (periods / (openTime.length - 1)) - 1) * 100)).toBeCloseTo(1, 12);
  });

  test('of hours counts the last of each day', () => {
    const equity = Array.from({ length: 96 }, (_, bar) => 100 + (bar % 24));
    equity[23] = 100;
    equity[47] = 110;
    equity[71] = 99;
    equity[95] = 121;
    const { annualReturnPct } = statisticsOf(every(hour, 96), equity);
    expect(annualReturnPct! / ((1.21 ** 84 - 1) * 100)).toBeCloseTo(1, 12);
  });
});

describe('trades', () => {
  test('none leave their figures undefined, and a flat account its ratios', () => {
    const statistics = statisticsOf(every(day, 5), [100, 100, 100, 100, 100]);
    const figures = [
      'trades',
      'exposurePct',
      'commissions',
      'returnPct',
      'maxDrawdownPct',
      'volatilityPct',
    ] as const;
    for (const name of figures) expect(statistics[name], name).toBe(0);
    const undefinedOnes = Object.entries(statistics).flatMap(([name, value]) =>
      value === null ? [name] : [],
    );
    expect(undefinedOnes.sort()).toEqual(
      [
        ...['sharpe', 'sortino', 'calmar', 'sqn', 'kelly', 'profitFactor', 'winRatePct', 'expectancyPct'],
        ...[
          'avgTradePct',
          'bestTradePct',
          'worstTradePct',
          'avgTradeDurationSeconds',
          'maxTradeDurationSeconds',
        ],
        ...['avgDrawdownPct', 'avgDrawdownDurationSeconds', 'maxDrawdownDurationSeconds'],
      ].sort(),
    );
  });

  // Won 10 and 15, lost 5 and 10: mean 2.5, deviation √(425 / 3); half won, on average 12.5 against 7.5.
  test('are judged by their money and by their returns', () => {
    const statistics = statisticsOf(every(day, 6), [100, 110, 105, 120, 110, 110], {
      entryBar: Float64Array.of(0, 1, 2, 3),
      exitBar: Float64Array.of(1, 2, 3, 4),
      pnl: Float64Array.of(10, -5, 15, -10),
      commission: Float64Array.of(1, 1, 1, 1),
      returnFraction: Float64Array.of(0.1, -0.05, 0.2, -0.15),
    });
    expect(statistics.winRatePct).toBe(50);
    expect(statistics.sqn).toBeCloseTo((2 * 2.5) / Math.sqrt(425 / 3), 12);
    expect(statistics.kelly).toBeCloseTo(0.5 - 0.5 / (12.5 / 7.5), 12);
    expect(statistics.profitFactor).toBeCloseTo(0.3 / 0.2, 12);
    expect(statistics.expectancyPct).toBeCloseTo(2.5, 12);
    expect(statistics.avgTradePct).toBeCloseTo(((1.1 * 0.95 * 1.2 * 0.85) ** 0.25 - 1) * 100, 12);
    expect([statistics.bestTradePct, statistics.worstTradePct]).toEqual([20, -15]);
    expect(statistics.exposurePct).toBeCloseTo((5 / 6) * 100, 12);
  });

  test('one has no deviation and no loss to be compared with', () => {
    const statistics = statisticsOf(every(day, 4), [100, 100, 105, 105], {
      entryBar: Float64Array.of(1),
      exitBar: Float64Array.of(2),
      pnl: Float64Array.of(5),
      commission: Float64Array.of(0.2),
      returnFraction: Float64Array.of(0.05),
    });
    expect(statistics).toMatchObject({
      trades: 1,
      exposurePct: 50,
      commissions: 0.2,
      winRatePct: 100,
      maxTradeDurationSeconds: 86_400,
      profitFactor: null,
      sqn: null,
      kelly: null,
      sortino: null,
    });
  });
});

test('buy and hold starts at the close before the first call', () => {
  const { buyAndHoldReturnPct } = compatibleStatistics({
    openTime: Float64Array.from(every(day, 4)),
    close: Float64Array.of(1, 2, 4, 8),
    equity: Float64Array.of(1, 1, 1, 1),
    firstNextBar: 2,
    trades: noTrades,
  });
  expect(buyAndHoldReturnPct).toBe(300);
});

describe('drawdowns', () => {
  // Falls at bars 2 and 3 (to 90 of 110, back at bar 4), at bar 6 (110 of 120, never back): spells of 3 and 2 hours, the
  // mean 2½, rounded up to the hour.
  test('spells last from peak to recovery, their mean rounded up to the bar', () => {
    const statistics = statisticsOf(every(hour, 8), [100, 110, 90, 99, 110, 120, 110, 119]);
    expect(statistics.maxDrawdownPct).toBeCloseTo((20 / 110) * 100, 12);
    expect(statistics.avgDrawdownPct).toBeCloseTo(((20 / 110 + 10 / 120) / 2) * 100, 12);
    expect(statistics.maxDrawdownDurationSeconds).toBe(3 * 3600);
    expect(statistics.avgDrawdownDurationSeconds).toBe(3 * 3600);
  });

  test('a fall on the last bar alone has a depth and no duration', () => {
    const statistics = statisticsOf(every(day, 4), [100, 101, 102, 51]);
    expect(statistics.avgDrawdownPct).toBe(50);
    expect(statistics.maxDrawdownDurationSeconds).toBeNull();
  });

  test('an account that has lost everything', () => {
    const statistics = statisticsOf(every(day, 5), [100, 90, 0, 0, 0]);
    expect(statistics).toMatchObject({
      returnPct: -100,
      cagrPct: -100,
      maxDrawdownPct: 100,
      annualReturnPct: 0,
      beta: null,
    });
    expect(statistics).toMatchObject({ sharpe: 0, sortino: 0, calmar: 0, alphaPct: null });
  });
});
