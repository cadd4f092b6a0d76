import type { EpochMs } from './clock.ts';

/**
 * One number an agent may cite. Ids (`e1`, `e2` …) are unique within one record, in the order the agent was shown them.
 * `value` is null when the input is missing; the reason then stands in the record's `missing`.
 */
export interface Evidence {
  readonly id: string;
  readonly name: string;
  readonly value: number | null;
  /** Plain unit: the quote currency, `%`, `units`, `score`, `ratio`, `bars`, or '' for none. */
  readonly unit: string;
  /** When it happened. */
  readonly eventAt: EpochMs;
  /** When it could first be known; never later than the record that cites it. */
  readonly knownAt: EpochMs;
}

export type MissingReason = 'absent' | 'stale' | 'failed' | 'not-configured' | 'warming-up';

/** An input that should have been there. Never the same as zero, neutral or HOLD. */
export interface Missing {
  readonly name: string;
  readonly reason: MissingReason;
}

/** A statement and the ids of the evidence that bears it. */
export interface KeyFactor {
  readonly text: string;
  readonly evidence: readonly string[];
}
