import { adx, ema } from '../../market/index.ts';
import { sideOf } from '../side-of.ts';
import { criticalWhere } from './critical-bars.ts';
import type { PlainMoonFamily } from './moon.ts';

const strengthPeriod = 14;
const slopePeriod = 50;
const trending = 25;
const fullScore = 100;
/** The slope needs one bar more than the average. */
const warmUp = slopePeriod;

export const regimeMoon: PlainMoonFamily = {
  family: 'regime',
  summary: 'trending down (-1), ranging (0) or trending up (1), and how strongly',
  parameter: null,
  create: () => ({
    warmUp: () => warmUp,
    compute({ high, low, close, length }) {
      const { adx: strength, plusDi, minusDi } = adx(high, low, close, strengthPeriod);
      const average = ema(close, slopePeriod);
      const regime = new Float64Array(length).fill(Number.NaN);
      for (let i = warmUp; i < length; i++) {
        const slope = sideOf(average[i]! - average[i - 1]!, close[i]!);
        const direction = sideOf(plusDi[i]! - minusDi[i]!, fullScore);
        regime[i] = strength[i]! > trending && slope === direction ? direction : 0;
      }
      return {
        lines: [
          { suffix: '', unit: '', values: regime },
          { suffix: 'strength', unit: 'score', values: strength },
        ],
        critical: criticalWhere(length, warmUp + 1, (i) => regime[i] !== regime[i - 1]),
      };
    },
  }),
};
