import type { EpochMs } from '../core/index.ts';

/** How often an agent runs: every so many bars of its series, or whenever the clock passes a multiple of a duration. */
export type Cadence =
  | { readonly kind: 'bars'; readonly bars: number }
  | { readonly kind: 'duration'; readonly ms: number };

export const everyBar: Cadence = { kind: 'bars', bars: 1 };

/** When an agent last spoke. */
export interface LastTurn {
  readonly at: EpochMs;
  readonly index: number;
}

/**
 * Due when a multiple was passed since the last turn, also inside a gap. The multiples are the clock's and the series'
 * own, so after its first turn an agent keeps the same times whenever a run began.
 */
export function isDue(cadence: Cadence, now: LastTurn, last: LastTurn): boolean {
  return cadence.kind === 'bars'
    ? Math.floor(now.index / cadence.bars) !== Math.floor(last.index / cadence.bars)
    : Math.floor(now.at / cadence.ms) !== Math.floor(last.at / cadence.ms);
}
