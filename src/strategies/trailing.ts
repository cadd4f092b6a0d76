import { defineStrategy } from '../engine/index.ts';

/** Buys an upward cross of two averages; the only way out is a stop that follows the best price at a fixed distance. */
export const trailing = defineStrategy({
  params: { fast: 10, slow: 20, distance: 0.07, size: 0 },
  indicators: ({ fast, slow }) => ({ fast: `sma-${fast}`, slow: `sma-${slow}` }),
  next({ params, bar, position, crossedAbove, buy }) {
    if (position.size !== 0 || !crossedAbove('fast', 'slow')) return;
    const size = params.size === 0 ? {} : { size: params.size };
    buy({ ...size, trail: bar.close * params.distance });
  },
});
