import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Follows a close beyond the highest or lowest price of the bars before, and leaves at the opposite, shorter channel. */
export const donchian = defineStrategy({
  params: { entry: 20, exit: 10, size: 0 },
  indicators: ({ entry, exit }) => ({
    highest: `highest-${entry}`,
    lowest: `lowest-${entry}`,
    exitHighest: `highest-${exit}`,
    exitLowest: `lowest-${exit}`,
  }),
  next(context) {
    const { bar, position, close, indicator } = context;
    // The channels of the bar before: this bar's own extreme would always contain its close.
    if (position.size <= 0 && bar.close > indicator('highest', 1)) enter(context, 1);
    else if (position.size >= 0 && bar.close < indicator('lowest', 1)) enter(context, -1);
    else if (position.size > 0 && bar.close < indicator('exitLowest', 1)) close();
    else if (position.size < 0 && bar.close > indicator('exitHighest', 1)) close();
  },
});
