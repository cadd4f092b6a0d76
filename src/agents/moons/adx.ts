import { adx } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import { type NumberedMoonFamily, periodBounds } from './moon.ts';

const trending = 25;

export const adxMoon: NumberedMoonFamily = {
  family: 'adx',
  summary: 'average directional index, how strong the trend is, with both directions, 0 … 100',
  parameter: periodBounds,
  create: (period) => ({
    warmUp: () => 2 * period - 1,
    compute({ high, low, close, length }) {
      const { adx: strength, plusDi, minusDi } = adx(high, low, close, period);
      return {
        lines: [
          { suffix: '', unit: 'score', values: strength },
          { suffix: 'plus-di', unit: 'score', values: plusDi },
          { suffix: 'minus-di', unit: 'score', values: minusDi },
        ],
        critical: criticalWhere(
          length,
          2 * period,
          (i) => strength[i]! > trending && strength[i - 1]! <= trending,
        ),
      };
    },
  }),
};
