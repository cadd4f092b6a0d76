import type { CandleSeries } from '../core/index.ts';
import { IndicatorSet } from '../market/index.ts';

/** Indicators computed once for many backtests on the same candles. When they fill `room` values, all are forgotten. */
export function keptIndicators(room: number): (series: CandleSeries) => IndicatorSet {
  const sets = new Map<CandleSeries, IndicatorSet>();
  return (series) => {
    const known = sets.get(series);
    if (known !== undefined && roomOf(sets) < room) return known;
    if (known !== undefined) sets.clear();
    const fresh = new IndicatorSet(series);
    sets.set(series, fresh);
    return fresh;
  };
}

function roomOf(sets: ReadonlyMap<CandleSeries, IndicatorSet>): number {
  let room = 0;
  for (const set of sets.values()) room += set.room;
  return room;
}
