import { type EpochMs, isoTime } from '../core/index.ts';
import type { Market } from '../engine/index.ts';
import { longHoles, unadjustedSplits } from '../market/index.ts';

/** What a reader should know of a market before believing a result on it: nights that look like splits, and long holes. */
export function notesOn({ instrument: { symbol }, series, from, to }: Market): readonly string[] {
  const day = (at: EpochMs) => isoTime(at).slice(0, 10);
  return [
    ...unadjustedSplits(series, from, to).map(
      (at) =>
        `${symbol} looks split on ${day(at)}, and its prices are not adjusted for it: the change counts as profit or loss`,
    ),
    ...longHoles(series, from, to).map(
      ({ after, days }) =>
        `${symbol} has no bar for ${days} days after ${day(after)}; what was held then was held on`,
    ),
  ];
}
