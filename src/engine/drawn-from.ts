import type { CandleSeries } from '../core/index.ts';
import { adjusted } from '../market/index.ts';
import type { Terms } from '../trading/index.ts';

type Actions = Terms['actions'];

/** Made once for each series: a sweep plays it again and again. */
const made = new WeakMap<CandleSeries, { readonly actions: Actions; readonly drawn: CandleSeries }>();

/**
 * The candles that lines are drawn from: those that are traded, bar for bar, with splits and dividends worked into the prices
 * where they are known. Orders fill at the prices as they were.
 */
export function drawnFrom(traded: CandleSeries, { actions }: Pick<Terms, 'actions'>): CandleSeries {
  if (actions.length === 0) return traded;
  const known = made.get(traded);
  if (known?.actions === actions) return known.drawn;
  const drawn = adjusted(traded, actions);
  made.set(traded, { actions, drawn });
  return drawn;
}
