import { type CandleSeries, dayMs, type EpochMs } from '../core/index.ts';

/** Splits of shares that happen: new ones for one old. */
const usual = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50];

/** How near an opening gap must come to a ratio: the market moves on such a day too. */
const tolerance = 0.06;

/** When bars from `from` to, not including, `to` open as if the instrument had been split since the close before. */
export function unadjustedSplits(series: CandleSeries, from: number, to: number): readonly EpochMs[] {
  const found: EpochMs[] = [];
  for (let bar = Math.max(1, from); bar < to; bar++) {
    // After a long rest any price may have become another.
    if (series.openTime[bar]! - series.openTime[bar - 1]! > 10 * dayMs) continue;
    const fall = series.close[bar - 1]! / series.open[bar]!;
    const ratio = Math.max(fall, 1 / fall);
    if (ratio < 1.4) continue;
    if (usual.some((one) => Math.abs(ratio / one - 1) < tolerance)) found.push(series.openTime[bar]!);
  }
  return found;
}
