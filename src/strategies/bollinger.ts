import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Buys a close that comes back above the lower band, sells one that comes back below the upper; out at the middle. */
export const bollinger = defineStrategy({
  params: { period: 20, width: 2, size: 0 },
  indicators: ({ period, width }) => ({
    lower: `bollinger-${period}-${width}.lower`,
    middle: `bollinger-${period}-${width}.middle`,
    upper: `bollinger-${period}-${width}.upper`,
  }),
  next(context) {
    const { position, close, crossedAbove, crossedBelow, indicator } = context;
    // As a line: with factors the lines are adjusted, and the bar is what was paid.
    const price = indicator('close');
    if (position.size * (price - indicator('middle')) > 0) close();
    if (crossedAbove('close', 'lower') && position.size <= 0) enter(context, 1);
    else if (crossedBelow('close', 'upper') && position.size >= 0) enter(context, -1);
  },
});
