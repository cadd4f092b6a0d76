import { sma } from '../../market/index.ts';
import { criticalWhere } from './critical-bars.ts';
import type { PlainMoonFamily } from './moon.ts';

const period = 20;
/** A bar this many times the average, itself included, is out of the ordinary. */
const surge = 3;

export const volumeMoon: PlainMoonFamily = {
  family: 'volume',
  summary: 'volume of the bar, beside the average of 20 bars',
  parameter: null,
  create: () => ({
    warmUp: () => period - 1,
    compute({ volume, length }) {
      const average = sma(volume, period);
      const ratio = volume.map((units, i) => (average[i] === 0 ? 0 : units / average[i]!));
      return {
        lines: [
          { suffix: '', unit: 'units', values: volume },
          { suffix: 'average-20', unit: 'units', values: average },
          { suffix: 'ratio', unit: 'ratio', values: ratio },
        ],
        critical: criticalWhere(length, period - 1, (i) => ratio[i]! >= surge),
      };
    },
  }),
};
