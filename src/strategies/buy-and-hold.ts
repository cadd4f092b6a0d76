import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Buys once, with everything, and keeps it. */
export const buyAndHold = defineStrategy({
  params: { size: 0 },
  next(context) {
    if (context.position.size === 0) enter(context, 1);
  },
});
