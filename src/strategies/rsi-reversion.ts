import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Buys when the RSI comes back up out of oversold, and closes when it has reached the middle. Long only. */
export const rsiReversion = defineStrategy({
  params: { period: 14, low: 30, middle: 50, size: 0 },
  indicators: ({ period }) => ({ rsi: `rsi-${period}` }),
  next(context) {
    const { params, position, close, crossedAbove, indicator } = context;
    if (position.size > 0 && indicator('rsi') >= params.middle) close();
    else if (position.size === 0 && crossedAbove('rsi', params.low)) enter(context, 1);
  },
});
