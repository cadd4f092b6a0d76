/** Milliseconds since 1970-01-01T00:00:00Z. All times inside the program have this form. */
export type EpochMs = number;

/** Time is an argument: whoever needs "now" is given a clock. */
export interface Clock {
  now(): EpochMs;
}

/** The clock of a backtest: stands where it was last set, and never goes back. */
export class HistoricalClock implements Clock {
  #now: EpochMs;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** @throws RangeError when `to` is earlier than the current time. */
  advance(to: EpochMs): void {
    if (to < this.#now) throw new RangeError(`clock cannot go back from ${this.#now} to ${to}`);
    this.#now = to;
  }
}

/**
 * The machine's own time: for start and end stamps of runs, latencies and progress, never for a decision.
 * This file is the only one that reads it.
 */
export const wallClock: Clock = { now: () => Date.now() };

/** Milliseconds since the process started, monotonic, with fractions. */
export function sinceProcessStartMs(): number {
  return performance.now();
}

/** Whether the calendar reaches there: 8.64e15 ms around 1970 (ECMA-262 §21.4.1.1). */
export function isTime(at: number): boolean {
  return Math.abs(at) <= 8.64e15;
}

/**
 * `2024-03-05T14:00:00.000Z`
 * @throws RangeError when `at` is no {@link isTime time}: what comes from outside is checked before.
 */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}
