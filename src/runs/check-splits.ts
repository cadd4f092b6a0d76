import { type CheckFinding, findingAt, firstBarFrom, type Market } from '../engine/index.ts';
import { unadjustedSplits } from '../market/index.ts';

/** Nights that look like splits: prices before and behind them count different units. */
export function findSplits({ series, from, to }: Market): readonly CheckFinding[] {
  const [first, ...more] = unadjustedSplits(series, from, to);
  if (first === undefined) return [];
  const others =
    more.length === 0 ? '' : `, and so at ${more.length} other ${more.length === 1 ? 'night' : 'nights'}`;
  const detail = `looks split${others}, and prices are not adjusted for it: the change counts as profit or loss (see --factors)`;
  const bar = firstBarFrom(series, first);
  return [findingAt(series, bar, { kind: 'units', subject: series.symbol, detail, severity: 'note' })];
}
