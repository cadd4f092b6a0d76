import type {
  DecisionRecord,
  EpochMs,
  EquityPoint,
  Fill,
  OrderRecord,
  OrderRefusal,
  OrreryError,
  Outcome,
  RecordKind,
  Trade,
} from '../core/index.ts';

export interface NewRun {
  /** Its id; has no dot, since record ids are `RUN.NUMBER…`. */
  readonly run: string;
  readonly desk: string;
  /** What the run's document says, e.g. `backtest`. */
  readonly mode: string;
  readonly startedAt: EpochMs;
  /** Plain JSON: all that is needed to do the run again, as desk text, prompts, seed, options, files with their SHA-256. */
  readonly settings: unknown;
}

export interface RunSummary extends Omit<NewRun, 'settings'> {
  /** `interrupted`: it never ended and no process is at it. */
  readonly status: 'running' | 'interrupted' | 'done' | 'failed';
  readonly finishedAt: EpochMs | null;
  /** Decisions of the chief so far. */
  readonly bars: number;
  readonly hash: string | null;
}

/** `damaged` has an error for each run whose row was altered: a list that hid them would not be whole. */
export interface RunList {
  readonly runs: readonly RunSummary[];
  readonly damaged: readonly OrreryError[];
}

export interface RunRecord extends RunSummary {
  readonly settings: unknown;
  /** What the last {@link Journal.append} left, null before the first. */
  readonly checkpoint: unknown;
  /** What `run --json` prints, once it is done. */
  readonly document: unknown;
  readonly failure: unknown;
}

export interface RunEnd {
  readonly status: 'done' | 'failed';
  readonly finishedAt: EpochMs;
  readonly hash: string | null;
  readonly document: unknown;
  readonly failure: unknown;
}

/** Everything one instant brought, all instruments together. */
export interface JournalStep {
  readonly records: readonly DecisionRecord[];
  readonly orders: readonly OrderRecord[];
  readonly fills: readonly Fill[];
  readonly trades: readonly Trade[];
  readonly refusals: readonly OrderRefusal[];
  readonly equity: EquityPoint | null;
}

/** A record as it is read: with what followed from its order, null where there was none. */
export interface JournalRecord extends DecisionRecord {
  readonly outcome: Outcome | null;
}

/** All conditions must hold. */
export interface RecordFilter {
  readonly kind?: RecordKind;
  readonly agent?: string;
  readonly instrument?: string;
}

/**
 * The only record of what was decided and done; rows are added, never changed. Reading streams, oldest first, in flat
 * memory however long the run; an unknown run reads as empty. The sign of zero is not kept. Rows that were altered
 * are refused with `database-failed`, which names the run or the record.
 */
export interface Journal {
  /**
   * Makes this process the one that runs it.
   * @throws OrreryError `run-exists`
   */
  createRun(run: NewRun): Promise<void>;
  /**
   * Makes this process the one that runs an existing run from now on.
   * @throws OrreryError `run-not-found`, or `run-alive` when another process is at it.
   */
  claimRun(run: string): Promise<void>;
  /**
   * Adds the steps and replaces the checkpoint in one transaction: after a kill they always agree. Calls need not wait
   * for each other; they are written in the order made, and after one that failed none is.
   * @throws OrreryError `run-alive` when another process has taken the run over.
   */
  append(run: string, steps: readonly JournalStep[], checkpoint: unknown): Promise<void>;
  /** Ends the run and gives it up. Waits for the appends before it. */
  finishRun(run: string, end: RunEnd): Promise<void>;
  /** @throws OrreryError `run-not-found` */
  findRun(run: string): Promise<RunRecord>;
  /** Oldest first. */
  listRuns(): Promise<RunList>;
  /** Ordered by (at, instrument, kind, agent, id). */
  records(run: string, filter?: RecordFilter): AsyncIterable<JournalRecord>;
  /** @throws OrreryError `record-not-found` */
  findRecord(id: string): Promise<JournalRecord>;
  /** `status` is `filled` once there is a fill, and `refused` once the broker could not fill it. */
  orders(run: string): AsyncIterable<OrderRecord>;
  fills(run: string): AsyncIterable<Fill>;
  trades(run: string): AsyncIterable<Trade>;
  equity(run: string): AsyncIterable<EquityPoint>;
}
