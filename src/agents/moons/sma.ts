import { sma } from '../../market/index.ts';
import { criticalWhere, crosses } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

export const smaMoon: NumberedMoonFamily = {
  family: 'sma',
  summary: 'simple moving average of the close',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => period - 1,
    compute({ close, length }) {
      const average = sma(close, period);
      return {
        lines: [{ suffix: '', unit: 'price', values: average }],
        critical: criticalWhere(length, period, (i) => crosses(close, average, close, i)),
      };
    },
  }),
};
