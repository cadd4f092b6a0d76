import type { BacktestHead, BacktestTimings } from './backtest-document.ts';
import type { Evidence } from './evidence.ts';
import type { Baseline } from './run-document.ts';
import type { Params } from './strategy.ts';
import type { SweepEvidence } from './sweep-evidence.ts';
import type { SweepAxis } from './sweep-grid.ts';
import type { SweepRow } from './sweep-trial.ts';

/** What documents of many combinations begin with. */
export interface SweepHead extends BacktestHead {
  readonly axes: readonly SweepAxis[];
  readonly combinations: number;
  /** Threads that played them, this process among them. */
  readonly workers: number;
}

/** What `orrery backtest --sweep --json` prints. */
export interface SweepDocument extends SweepHead, SweepEvidence {
  /** Combinations that ended with an error. */
  readonly failed: number;
  /** By Sharpe; null when every combination failed. */
  readonly best: SweepRow | null;
  /** In the order of the combinations: the last parameter changes fastest. */
  readonly results: readonly SweepRow[];
  /** The same bars at the same costs; in compatibility mode counted as the rows are. */
  readonly baselines: { readonly buyAndHold: Baseline };
  /** What the figures of evidence say, and whether the best beats holding; that is null where there is no best. */
  readonly words: {
    readonly deflatedSharpe: string;
    readonly probabilityOfOverfitting: string;
    readonly againstHold: string | null;
  };
  readonly timings: BacktestTimings;
}

/** The opens of the first bar of a stretch and of the first one after it. */
interface WrittenStretch {
  readonly from: string;
  readonly to: string;
}

export interface WalkForwardWindowResult {
  readonly train: WrittenStretch;
  readonly test: WrittenStretch;
  /** The best of the train stretch, by Sharpe. */
  readonly params: Params;
  readonly inSampleSharpe: number | null;
  readonly outOfSampleSharpe: number | null;
  /** Of the test stretch, as the rest. */
  readonly returnPct: number | null;
  readonly trades: number;
}

/** What `orrery backtest --sweep --walk-forward --json` prints. */
export interface WalkForwardDocument extends SweepHead {
  readonly windows: readonly WalkForwardWindowResult[];
  /** The test stretches one after the other, what one earned going into the next. */
  readonly outOfSample: {
    readonly returnPct: number;
    readonly sharpe: number | null;
    readonly maxDrawdownPct: number;
    readonly trades: number;
    readonly days: number;
  };
  /** Over all bars of the tests, bought once. */
  readonly baselines: { readonly buyAndHold: Baseline };
  /** Of the tests one after the other; null in compatibility mode. */
  readonly evidence: Evidence | null;
  /** Tests in which nothing was held. */
  readonly idleWindows: number;
  /** Bars at the end, of all instruments, that fill no test. */
  readonly untestedBars: number;
  /** Null where there is nothing to say. */
  readonly words: {
    readonly verdict: string | null;
    readonly againstHold: string | null;
    readonly trackRecord: string | null;
    readonly idle: string | null;
    readonly untested: string | null;
  };
  readonly timings: BacktestTimings;
}
