import { describe, expect, test } from 'vitest';
import { minimumTrackRecordLength, probabilisticSharpe, trackRecordOf } from './index.ts';

/** Normal returns with an annual Sharpe of 2. */
const normalRecord = (periodsPerYear: number, years = 1) => ({
  periods: periodsPerYear * years,
  sharpe: 2 / Math.sqrt(periodsPerYear),
  skewness: 0,
  kurtosis: 3,
});

describe('the probability of a Sharpe', () => {
  // The worked example of Bailey & López de Prado, "The Sharpe ratio efficient frontier" (2012): 24 months with a monthly
  // Sharpe of 0.458, skewness −2.448, kurtosis 10.164: 0.913; had they been normal, 0.982.
  test('agrees with the published example', () => {
    const months = { periods: 24, sharpe: 0.458, skewness: -2.448, kurtosis: 10.164 };
    expect(probabilisticSharpe(months)).toBeCloseTo(0.913, 3);
    expect(probabilisticSharpe({ ...months, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3);
  });

  // Ibid.: an annual Sharpe of 2 exceeds 1 with 95 % after 2.73 years of daily, 2.83 of weekly, 3.24 of monthly returns.
  test.each([
    [252, 2.73],
    [52, 2.83],
    [12, 3.24],
  ])('at %i periods a year it takes %s years to tell 2 from 1', (periodsPerYear, years) => {
    const length = minimumTrackRecordLength(normalRecord(periodsPerYear), 1 / Math.sqrt(periodsPerYear))!;
    expect(length / periodsPerYear).toBeCloseTo(years, 2);
  });

  test('the minimum length is where the probability reaches the confidence', () => {
    const record = { periods: 2, sharpe: 0.1, skewness: -1, kurtosis: 8 };
    const periods = minimumTrackRecordLength(record, 0.02, 0.9)!;
    expect(probabilisticSharpe({ ...record, periods }, 0.02)).toBeCloseTo(0.9, 12);
  });

  test('no length tells a Sharpe from one that is not lower', () => {
    expect(minimumTrackRecordLength(normalRecord(252), 1)).toBeNull();
  });
});

describe('a track record', () => {
  // Mean 1.5; distances −1.5, −1.5, 0.5, 2.5; their squares sum to 11 (2.75 a value), cubes to 9, fourth powers to 49.25.
  test('has the moments of its returns', () => {
    const record = trackRecordOf(Float64Array.of(0, 0, 2, 4))!;
    expect(record.periods).toBe(4);
    expect(record.sharpe).toBeCloseTo(1.5 / Math.sqrt(11 / 3), 12);
    expect(record.skewness).toBeCloseTo(9 / 4 / 2.75 ** 1.5, 12);
    expect(record.kurtosis).toBeCloseTo(49.25 / 4 / 2.75 ** 2, 12);
  });

  test.each([
    ['no returns', []],
    ['a single one', [0.1]],
    ['zeros', [0, 0, 0]],
    ['the same each day', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]],
    ['a hole', [0.1, Number.NaN, 0.2]],
  ])('is undefined for %s', (_, returns) => {
    expect(trackRecordOf(Float64Array.from(returns))).toBeNull();
  });
});
