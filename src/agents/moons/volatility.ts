import { dayMs } from '../../core/index.ts';
import { standardDeviation } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import type { PlainMoonFamily } from './moon.ts';

const period = 20;
/** A return this many standard deviations of the bars before it is out of the ordinary. */
const shock = 3;

export const volatilityMoon: PlainMoonFamily = {
  family: 'volatility',
  summary: 'standard deviation of the last 20 logarithmic returns, per bar and per year',
  parameter: null,
  create: () => ({
    warmUp: () => period,
    compute({ close, intervalMs, length }) {
      const returns = new Float64Array(Math.max(0, length - 1));
      for (let i = 1; i < length; i++) returns[i - 1] = 100 * Math.log(close[i]! / close[i - 1]!);
      const population = standardDeviation(returns, period);
      const sample = Math.sqrt(period / (period - 1));
      const year = Math.sqrt((365 * dayMs) / intervalMs);
      const perBar = new Float64Array(length).fill(Number.NaN);
      for (let i = period; i < length; i++) perBar[i] = sample * population[i - 1]!;
      return {
        lines: [
          { suffix: '', unit: '%', values: perBar },
          { suffix: 'annualised', unit: '%', values: perBar.map((deviation) => deviation * year) },
        ],
        critical: criticalWhere(
          length,
          period + 1,
          (i) => Math.abs(returns[i - 1]!) > shock * perBar[i - 1]!,
        ),
      };
    },
  }),
};
