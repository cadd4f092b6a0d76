/** What one call may take at most out of one purse. Amounts are whole numbers of the purse's unit. */
export interface Claim {
  readonly purse: string;
  readonly cap: number;
  readonly most: number;
}

/** What this process has taken out of a purse and not spent. */
export interface Purse {
  /** Not claimed by any call. */
  free: number;
  /** Claimed by calls under way. */
  held: number;
  /** What is worth keeping for the next calls. */
  block: number;
  /** The least that was free since the last look: that much nobody needed. */
  spare: number;
  /** Looks at which no call had used it since the one before. */
  idle: number;
  /** A statement about it is under way. */
  asking: boolean;
  /** The store had nothing for a claim of this size. */
  refusedAt: number;
  /** Until the store is asked again whether others have given something back. */
  timer: NodeJS.Timeout | null;
  pauseMs: number;
}

export const firstPauseMs = 50;
const longestPauseMs = 1_000;
/** At a tenth of a second each. */
const idleLooks = 10;

export function createPurse(): Purse {
  return {
    ...{ free: 0, held: 0, block: 0, spare: 0, idle: 0, asking: false },
    ...{ refusedAt: Number.POSITIVE_INFINITY, timer: null, pauseMs: firstPauseMs },
  };
}

/** What a process takes ahead, and keeps: 1 % of the cap or 20 calls, whichever is less. */
export function blockOf({ cap, most }: Claim): number {
  return Math.floor(Math.min(cap / 100, 20 * most));
}

export function holdIn(purse: Purse, claim: Claim): void {
  purse.free -= claim.most;
  purse.held += claim.most;
  purse.spare = Math.min(purse.spare, purse.free);
  purse.block = blockOf(claim);
  purse.idle = 0;
}

/** @returns what was taken beyond all that this process had */
export function settleIn(purse: Purse, { most }: Claim, taken: number): number {
  purse.held -= most;
  purse.free += most - taken;
  purse.refusedAt = Number.POSITIVE_INFINITY;
  purse.idle = 0;
  if (purse.free >= 0) return 0;
  const beyond = -purse.free;
  purse.free = 0;
  return beyond;
}

/** Looks at what a purse was used for since the last look. */
export function lookInto(purse: Purse): { readonly surplus: number; readonly isIdle: boolean } {
  purse.idle = purse.held > 0 ? 0 : purse.idle + 1;
  const isIdle = purse.idle > idleLooks;
  const surplus = isIdle ? purse.free : Math.max(0, Math.min(purse.spare, purse.free) - purse.block);
  purse.spare = purse.free - surplus;
  return { surplus, isIdle };
}

/** Twice as long each time, up to a second, until something was had. */
export function nextPauseMs(purse: Purse): number {
  const pauseMs = purse.pauseMs;
  purse.pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
  return pauseMs;
}
