import { defineStrategy } from '../engine/index.ts';
import { enter } from './enter.ts';

/** Long while the price stands above where it stood `period` bars ago, else flat; looked at every `every` bars. */
export const momentum = defineStrategy({
  params: { period: 90, every: 5, size: 0 },
  indicators: ({ period }) => ({ change: `roc-${period}` }),
  next(context) {
    const { index, params, position, close, indicator } = context;
    if (index % params.every !== 0) return;
    if (indicator('change') > 0 && position.size === 0) enter(context, 1);
    else if (indicator('change') <= 0 && position.size > 0) close();
  },
});
