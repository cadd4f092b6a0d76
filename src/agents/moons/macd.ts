import { macd } from '../../market/index.ts';
import { criticalWhere, crosses } from './critical-bars.ts';
import type { PlainMoonFamily } from './moon.ts';

const fast = 12;
const slow = 26;
const smoothing = 9;
const warmUp = slow + smoothing - 2;

export const macdMoon: PlainMoonFamily = {
  family: 'macd',
  summary: 'moving average convergence/divergence of the close (12, 26, 9)',
  parameter: null,
  create: () => ({
    warmUp: () => warmUp,
    compute({ close, length }) {
      const { line, signal, histogram } = macd(close, fast, slow, smoothing);
      return {
        lines: [
          { suffix: '', unit: 'price', values: line },
          { suffix: 'signal', unit: 'price', values: signal },
          { suffix: 'histogram', unit: 'price', values: histogram },
        ],
        critical: criticalWhere(length, warmUp + 1, (i) => crosses(line, signal, close, i)),
      };
    },
  }),
};
