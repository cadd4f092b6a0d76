import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Long while the MACD line is above its signal, short while below, from the first cross on. */
export const macd = defineStrategy({
  params: { fast: 12, slow: 26, signal: 9, size: 0 },
  indicators: ({ fast, slow, signal }) => ({
    macd: `macd-${fast}-${slow}-${signal}`,
    signal: `macd-${fast}-${slow}-${signal}.signal`,
  }),
  next(context) {
    if (context.crossedAbove('macd', 'signal')) enter(context, 1);
    else if (context.crossedBelow('macd', 'signal')) enter(context, -1);
  },
});
