import { dayMs, type EpochMs, isoTime } from '../core/index.ts';
import type { Market } from '../engine/index.ts';
import { type FundingRate, longHoles, unadjustedSplits } from '../market/index.ts';

/** What a reader should know of a market before believing a result on it: nights that look like splits, and long holes. */
export function notesOn({ instrument: { symbol }, series, from, to }: Market): readonly string[] {
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

/** Whether funding is known for all of a test, give or take a day at either end. */
export function fundingNotes(
  { instrument: { symbol }, series: { openTime }, from, to }: Market,
  rates: readonly FundingRate[],
): readonly string[] {
  const [first, last] = [rates[0], rates.at(-1)];
  if (first === undefined || last === undefined || from >= to) return [];
  if (first.at <= openTime[from]! + dayMs && last.at >= openTime[to - 1]! - dayMs) return [];
  return [
    `the funding of ${symbol} reaches from ${day(first.at)} to ${day(last.at)} only; none is counted outside of that`,
  ];
}

function day(at: EpochMs): string {
  return isoTime(at).slice(0, 10);
}
