import { type CandleSeries, dayMs, type EpochMs } from '../core/index.ts';

export interface LongHole {
  /** Open of the last bar before it. */
  readonly after: EpochMs;
  readonly days: number;
}

/** Longer than any exchange has been closed since 1933. */
const longest = 10;

/** Stretches without a bar that no weekend or holiday explains, between bars `from` and `to` (not included). */
export function longHoles(
  { openTime, intervalMs }: CandleSeries,
  from: number,
  to: number,
): readonly LongHole[] {
  const holes: LongHole[] = [];
  for (let bar = from + 1; bar < to; bar++) {
    const gap = openTime[bar]! - openTime[bar - 1]!;
    if (gap > Math.max(longest * dayMs, 20 * intervalMs)) {
      holes.push({ after: openTime[bar - 1]!, days: Math.round(gap / dayMs) });
    }
  }
  return holes;
}
