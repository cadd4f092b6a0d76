import { atr, trueRange } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

/** A bar this many times the average before it is out of the ordinary. */
const spike = 3;

export const atrMoon: NumberedMoonFamily = {
  family: 'atr',
  summary: 'average true range, how far a bar usually reaches',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => period,
    compute({ high, low, close, length }) {
      const average = atr(high, low, close, period);
      const range = trueRange(high, low, close);
      return {
        lines: [{ suffix: '', unit: 'price', values: average }],
        critical: criticalWhere(length, period + 1, (i) => range[i]! > spike * average[i - 1]!),
      };
    },
  }),
};
