import { describe, expect, test } from 'vitest';
import { createNormal, createRandom } from '../../core/index.ts';
import { monteCarlo } from './index.ts';

const options = { seed: 1, capital: 1000, drawdownPct: 20 };

describe('Monte Carlo', () => {
  test('of a steady gain knows one future', () => {
    const result = monteCarlo(new Float64Array(10).fill(0.01), options)!;
    for (const value of Object.values(result.finalEquity)) expect(value).toBeCloseTo(1000 * 1.01 ** 10, 9);
    expect(result.maxDrawdownPct).toEqual({ p5: 0, p50: 0, p95: 0 });
    expect(result).toMatchObject({ lossProbability: 0, drawdownProbability: 0 });
  });

  // Independent draws of ±1 %: the logarithm of the end is normal with mean 100 · ½ ln(1.01 · 0.99) and deviation 0.1, so
  // 5 % end under 1000 · exp(−0.005 − 0.1645) = 844, and 95 % under 1173; the median lies at 995.
  test('of independent days agrees with the binomial distribution', () => {
    const returns = Float64Array.from({ length: 100 }, (_, day) => (day % 2 === 0 ? 0.01 : -0.01));
    const { finalEquity } = monteCarlo(returns, { ...options, samples: 4000, blockLength: 1 })!;
    // One rise more is 2 %.
    expect(Math.abs(finalEquity.p5 / 844 - 1)).toBeLessThan(0.02);
    expect(Math.abs(finalEquity.p50 / 995 - 1)).toBeLessThan(0.02);
    expect(Math.abs(finalEquity.p95 / 1173 - 1)).toBeLessThan(0.02);
  });

  test('a day that loses everything ends the account', () => {
    const returns = new Float64Array(20).fill(0.05);
    returns[7] = -1.2;
    const { finalEquity, maxDrawdownPct, lossProbability } = monteCarlo(returns, {
      ...options,
      blockLength: 1,
    })!;
    // A sample misses it with (19 / 20)^20 = 0.358.
    expect(lossProbability).toBeCloseTo(1 - 0.358, 1);
    expect(finalEquity.p50).toBe(0);
    expect(maxDrawdownPct.p95).toBe(100);
  });

  test('days on which nothing happens are no loss', () => {
    expect(monteCarlo(new Float64Array(5), options)!.lossProbability).toBe(0);
  });

  test('longer falls are rarer', () => {
    const normal = createNormal(createRandom(4));
    const returns = Float64Array.from({ length: 500 }, () => normal() / 100);
    const chances = [5, 15, 30, 60].map(
      (drawdownPct) => monteCarlo(returns, { ...options, drawdownPct })!.drawdownProbability,
    );
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    expect(chances[0]).toBeGreaterThan(0.95);
    expect(chances[3]).toBeLessThan(0.05);
  });

  test('is undefined for no days, and for one that is not known', () => {
    expect(monteCarlo(new Float64Array(), options)).toBeNull();
    expect(monteCarlo(Float64Array.of(0.1, Number.NaN), options)).toBeNull();
  });
});
