import { timeframeMs } from '../core/index.ts';
import type { Situation } from '../engine/index.ts';

/** How often an agent runs: every so many bars of its series, or whenever the clock passes a multiple of a duration. */
export type Cadence =
  | { readonly kind: 'bars'; readonly bars: number }
  | { readonly kind: 'duration'; readonly ms: number };

export const everyBar: Cadence = { kind: 'bars', bars: 1 };

/** Depends on the clock and the series alone, never on when a run began. A duration under one bar means every bar. */
export function isDue(cadence: Cadence, { at, index, instrument }: Situation): boolean {
  if (cadence.kind === 'bars') return index % cadence.bars === 0;
  return Math.floor(at / cadence.ms) !== Math.floor((at - timeframeMs(instrument.timeframe)) / cadence.ms);
}
