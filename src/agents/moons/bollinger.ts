import { bollinger } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

export const bollingerMoon: NumberedMoonFamily = {
  family: 'bollinger',
  summary: 'Bollinger bands of the close, two standard deviations wide to either side',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => period - 1,
    compute({ close, length }) {
      const { upper, middle, lower } = bollinger(close, period);
      const percentB = new Float64Array(length);
      const width = new Float64Array(length);
      for (let i = 0; i < length; i++) {
        const span = upper[i]! - lower[i]!;
        // A span of 0 means that the close lies on all three lines, so it is in the middle of the bands.
        percentB[i] = span === 0 ? 0.5 : (close[i]! - lower[i]!) / span;
        width[i] = (100 * span) / middle[i]!;
      }
      const outside = (i: number) => (close[i]! > upper[i]! ? 1 : close[i]! < lower[i]! ? -1 : 0);
      return {
        lines: [
          { suffix: '', unit: 'price', values: middle },
          { suffix: 'upper', unit: 'price', values: upper },
          { suffix: 'lower', unit: 'price', values: lower },
          { suffix: 'percent-b', unit: 'ratio', values: percentB },
          { suffix: 'width', unit: '%', values: width },
        ],
        critical: criticalWhere(length, period, (i) => outside(i) !== 0 && outside(i) !== outside(i - 1)),
      };
    },
  }),
};
