import type { EpochMs } from './clock.ts';

/** What happens to a holding without a trade. It counts from the first bar that opens at or after `at`. */
export type CorporateAction =
  /** `ratio` new units for one old: 4 is 4:1. */
  | { readonly kind: 'split'; readonly at: EpochMs; readonly ratio: number }
  /** Cash per unit held over the close before `at`, in prices of that day. */
  | { readonly kind: 'dividend'; readonly at: EpochMs; readonly amount: number };
