import { ema } from '../../market/index.ts';
import { criticalWhere, crosses } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

export const emaMoon: NumberedMoonFamily = {
  family: 'ema',
  summary: 'exponential moving average of the close',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => period - 1,
    compute({ close, length }) {
      const average = ema(close, period);
      return {
        lines: [{ suffix: '', unit: 'price', values: average }],
        critical: criticalWhere(length, period, (i) => crosses(close, average, close, i)),
      };
    },
  }),
};
