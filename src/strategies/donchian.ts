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
    const { position, close, indicator } = context;
    // As a line: with factors the lines are adjusted, and the bar is what was paid.
    const price = indicator('close');
    // The channels of the bar before: this bar's own extreme would always contain its close.
    if (position.size <= 0 && price > indicator('highest', 1)) enter(context, 1);
    else if (position.size >= 0 && price < indicator('lowest', 1)) enter(context, -1);
    else if (position.size > 0 && price < indicator('exitLowest', 1)) close();
    else if (position.size < 0 && price > indicator('exitHighest', 1)) close();
  },
});
