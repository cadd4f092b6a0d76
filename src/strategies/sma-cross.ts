import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Long after the fast average has passed the slow one upwards, short after downwards; always in the market after the first cross. */
export const smaCross = defineStrategy({
  params: { fast: 10, slow: 30, size: 0 },
  indicators: ({ fast, slow }) => ({ fast: `sma-${fast}`, slow: `sma-${slow}` }),
  next(context) {
    if (context.crossedAbove('fast', 'slow')) enter(context, 1);
    else if (context.crossedBelow('fast', 'slow')) enter(context, -1);
  },
});
