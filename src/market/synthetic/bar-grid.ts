import type { EpochMs } from '../../core/index.ts';

/** When the bars of a synthetic market open and how many there are. */
export interface BarGrid {
  /** Open of the first bar. */
  readonly start: EpochMs;
  readonly intervalMs: number;
  readonly bars: number;
}

/** A bar's length in hours: drifts, regime lengths and news rates are stated per hour. */
export function barHours(grid: BarGrid): number {
  return grid.intervalMs / 3_600_000;
}
