import { defineStrategy } from '../engine/index.ts';

/** Crosses of two averages, each entry with a stop-loss and a take-profit at fixed distances from the close. */
export const bracket = defineStrategy({
  params: { fast: 10, slow: 20, stop: 0.05, target: 0.1, size: 0 },
  indicators: ({ fast, slow }) => ({ fast: `sma-${fast}`, slow: `sma-${slow}` }),
  next({ params, bar, position, crossedAbove, crossedBelow, buy, sell, close }) {
    const { stop, target } = params;
    const size = params.size === 0 ? {} : { size: params.size };
    const price = bar.close;
    if (crossedAbove('fast', 'slow')) {
      if (position.size < 0) close();
      buy({ ...size, sl: price * (1 - stop), tp: price * (1 + target) });
    } else if (crossedBelow('fast', 'slow')) {
      if (position.size > 0) close();
      sell({ ...size, sl: price * (1 + stop), tp: price * (1 - target) });
    }
  },
});
