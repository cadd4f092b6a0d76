import { rsi } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

const overbought = 70;
const oversold = 30;

export const rsiMoon: NumberedMoonFamily = {
  family: 'rsi',
  summary: 'relative strength index of the close, 0 … 100',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => period,
    compute({ close, length }) {
      const values = rsi(close, period);
      const enters = (i: number) =>
        (values[i]! >= overbought && values[i - 1]! < overbought) ||
        (values[i]! <= oversold && values[i - 1]! > oversold);
      return {
        lines: [{ suffix: '', unit: 'score', values }],
        critical: criticalWhere(length, period + 1, enters),
      };
    },
  }),
};
