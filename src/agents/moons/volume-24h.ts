import { type CandleSeries, dayMs } from '../../core/index.ts';
import type { PlainMoonFamily } from './moon.ts';

export const volume24hMoon: PlainMoonFamily = {
  family: 'volume-24h',
  summary: 'volume of the last 24 hours',
  parameter: null,
  create: () => ({
    // Fewer bars do when there are holes, as between two sessions; never more.
    warmUp: (intervalMs) => Math.max(0, Math.ceil(dayMs / intervalMs) - 1),
    compute: (series) => ({
      lines: [{ suffix: '', unit: 'units', values: dailyVolume(series) }],
      critical: null,
    }),
  }),
};

/**
 * Sum over the bars that opened less than 24 hours before the bar's close: by the clock, so that a night without
 * trading counts as hours, not as bars. Known once the series reaches back that far.
 */
function dailyVolume({ openTime, volume, intervalMs, length }: CandleSeries): Float64Array {
  const total = new Float64Array(length).fill(Number.NaN);
  let first = 0;
  let sum = 0;
  let summedAnew = 0;
  for (let i = 0; i < length; i++) {
    sum += volume[i]!;
    const since = openTime[i]! + Math.min(0, intervalMs - dayMs);
    while (openTime[first]! < since) sum -= volume[first++]!;
    if (first > summedAnew) {
      // Once a window has gone by the sum starts afresh, so that rounding errors do not pile up.
      sum = 0;
      for (let bar = first; bar <= i; bar++) sum += volume[bar]!;
      summedAnew = i;
    }
    if (openTime[0]! <= since) total[i] = sum;
  }
  return total;
}
