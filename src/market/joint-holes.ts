import { type AssetClass, type CandleSeries, dayMs, type EpochMs } from '../core/index.ts';
import type { LongHole } from './long-holes.ts';

/** Longer than exchanges close in ordinary years. */
const longestClosureMs = 5 * dayMs;

export interface JointHole extends LongHole {
  /** Open of the first bar behind it. */
  readonly until: EpochMs;
}

/** Stretches without a bar where files meet, whose first and last opens are `edges`. */
export function jointHoles(
  { openTime, intervalMs, length }: CandleSeries,
  assetClass: AssetClass,
  edges: readonly EpochMs[],
): readonly JointHole[] {
  const room = assetClass === 'crypto' ? 1.5 * intervalMs : Math.max(longestClosureMs, 1.5 * intervalMs);
  const holes: JointHole[] = [];
  for (let bar = 1; bar < length; bar++) {
    const [after, until] = [openTime[bar - 1]!, openTime[bar]!];
    if (until - after <= room) continue;
    // Longer bars begin before the first of a file, and end before its last where that is left out.
    if (!edges.some((edge) => edge >= after && edge < until + intervalMs)) continue;
    holes.push({ after, until, days: (until - after) / dayMs });
  }
  return holes;
}
