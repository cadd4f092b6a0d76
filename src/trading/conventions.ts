/**
 * Every way in which compatibility mode fills differently from the default, one field each: docs/fills.md has a row for
 * each field, and a test holds the two together.
 */
export interface Conventions {
  /**
   * `chronological`: what happens at the open, then stops, then limits, then the close; after an entry inside the range its
   * stop-loss counts when the range holds it, its target when the close proves it. `queue`: one pass in the order of the
   * queue, whatever would have come first in time; what trades on close fills at the close it was decided on, and after a
   * stop entry the target alone counts, when the range holds it and not the stop-loss.
   */
  readonly walk: 'chronological' | 'queue';
  /** Price at which the account is valued when an order is sized: its own fill price, or the close of a bar not over yet. */
  readonly valuedAt: 'fill' | 'close';
  /**
   * What a fraction is a fraction of: equity, after closing what stands against the order; or the margin that is free while
   * the opposite position is still held, so that a reversal by a fraction alone comes to nothing.
   */
  readonly sizedBy: 'equity' | 'free-margin';
  /** Who pays the spread: each side half of it, or an entry all of it and an exit nothing. */
  readonly spread: 'half-each-side' | 'whole-on-entry';
  /** Whether the fixed part of a fee counts once in the sizing, or as if charged for each unit of a fractional order. */
  readonly fixedFeeInSizing: 'once' | 'per-unit';
  /** Entry fees of a lot closed in parts: shared out, or computed anew for each part (a fixed fee counts several times). */
  readonly entryFeeOfParts: 'shared' | 'computed-anew';
  /** What happens when the money is gone: positions are liquidated at the price that exhausts the margin, or closed at the close once equity is 0 or less, which then reads 0 for ever. */
  readonly ruin: 'liquidation' | 'zeroed';
  /** What an exclusive order cancels: every order that waits, or, the list shrinking as it is walked, every other one. */
  readonly exclusiveCancels: 'all' | 'every-other';
  /** Two lines that met exactly: the last difference is remembered, so that the cross counts when it is completed, or it is missed. */
  readonly ties: 'remembered' | 'missed';
}

export const honest: Conventions = {
  walk: 'chronological',
  valuedAt: 'fill',
  sizedBy: 'equity',
  spread: 'half-each-side',
  fixedFeeInSizing: 'once',
  entryFeeOfParts: 'shared',
  ruin: 'liquidation',
  exclusiveCancels: 'all',
  ties: 'remembered',
};

/** As kernc/backtesting.py 0.6 fills, so that results can be compared with it digit by digit. */
export const compatible: Conventions = {
  walk: 'queue',
  valuedAt: 'close',
  sizedBy: 'free-margin',
  spread: 'whole-on-entry',
  fixedFeeInSizing: 'per-unit',
  entryFeeOfParts: 'computed-anew',
  ruin: 'zeroed',
  exclusiveCancels: 'every-other',
  ties: 'missed',
};
