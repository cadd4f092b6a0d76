import type { AssetClass, Rung, Source, Timeframe } from '../core/index.ts';
import type { Evidence } from './evidence.ts';
import type { RandomBaseline } from './random-baseline.ts';

export interface RunInstrument {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly currency: string;
  readonly timeframe: Timeframe;
  readonly adjusted: boolean | null;
  /** Absolute path; null for the synthetic market. */
  readonly file: string | null;
  /** Of the file's bytes, or of the generated columns. */
  readonly sha256: string;
}

/** Undefined figures are null, e.g. `cagrPct` under a year. Ratios are annualised with `periodsPerYear`, risk-free 0. */
export interface Metrics {
  readonly returnPct: number;
  readonly cagrPct: number | null;
  readonly volatilityPct: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  /** Positive: 12.3 means the equity once stood 12.3 % under its peak. */
  readonly maxDrawdownPct: number;
  readonly winRatePct: number | null;
  readonly profitFactor: number | null;
  readonly exposurePct: number;
  /** Traded value by mean equity; null when that is not above zero. */
  readonly turnover: number | null;
  readonly periodsPerYear: 252 | 365;
  /** UTC dates with a bar. */
  readonly days: number;
}

export interface Baseline {
  readonly returnPct: number;
  readonly sharpe: number | null;
  readonly maxDrawdownPct: number;
}

/**
 * The run's own orders filled under worse conditions, nobody asked again; the first three are returns in per cent, as
 * those of a strategy. Null where the costs would leave nothing of a price.
 */
export interface RunStress {
  readonly doubleCostsPct: number | null;
  readonly fiveFoldCostsPct: number | null;
  /** Every order one bar later, stops apart. */
  readonly delayedBarPct: number | null;
  readonly doubleCosts: Baseline | null;
  readonly fiveFoldCosts: Baseline | null;
  readonly delayedBar: Baseline | null;
}

export interface LlmTotals {
  /** Questions put to a provider. */
  readonly calls: number;
  /** Questions nobody was asked: the provider was left alone, or the budget was spent. Absent in runs of versions before it. */
  readonly turnedAway?: number;
  readonly cacheHits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Spent by this run; 0 in a replay. */
  readonly costUsd: number;
  /** What the recorded answers that this run used cost when they were made. */
  readonly recordedCostUsd: number;
}

/** Decisions that one model answered on one rung. */
export interface ModelShare {
  readonly source: 'llm' | 'cache';
  /** As `PROVIDER/MODEL`. */
  readonly model: string;
  readonly rung: Rung;
  readonly decisions: number;
  /** In whose place: as the chief's backup, or as a fallback of its profile. Null for the model it was meant to ask. */
  readonly standIn: 'backup' | 'fallback' | null;
}

/** How many of a run's bars lie in what one of its models may have read. */
export interface KnownBars {
  /** As `PROVIDER/MODEL`. */
  readonly model: string;
  /** The last day it knows about, `YYYY-MM-DD`. */
  readonly knowledgeCutoff: string;
  readonly barsBefore: number;
  readonly bars: number;
}

/** What `orrery run --json` prints. Times are ISO 8601 in UTC, `from` the first bar's open, `to` the last bar's close. */
export interface RunDocument {
  readonly run: string;
  readonly desk: string;
  readonly mode: 'backtest';
  /** The run this one replays. */
  readonly replayOf: string | null;
  /** The market was made up by the program. */
  readonly synthetic: boolean;
  readonly instruments: readonly RunInstrument[];
  readonly from: string;
  readonly to: string;
  readonly bars: number;
  readonly decisions: number;
  readonly orders: number;
  readonly refused: number;
  readonly fills: number;
  readonly trades: number;
  readonly equity: {
    readonly start: number;
    readonly end: number;
    readonly cash: number;
    readonly positions: number;
    readonly fees: number;
  };
  readonly metrics: Metrics;
  readonly baselines: {
    readonly buyAndHold: Baseline;
    readonly exposureMatched: Baseline;
    /** Null where it cannot be drawn; absent in runs of versions before it. */
    readonly random?: RandomBaseline | null;
    /** The chief replaced by a count of its analysts' votes; absent in runs of versions before it. */
    readonly vote?: Baseline;
  };
  /** How far it can be told from luck; absent in runs of versions before it. */
  readonly evidence?: Evidence;
  /** Absent in runs of versions before it. */
  readonly stress?: RunStress;
  readonly sources: { readonly [source in Source]: number };
  /** Decisions without a model because none that is configured gave an answer of use. */
  readonly fellBack: number;
  /** The same by the code of the error; absent in runs of versions before it. */
  readonly fellBackFor?: { readonly [code: string]: number };
  /** The decisions of `sources.llm` and `sources.cache` by model; absent in runs of versions before it. */
  readonly answeredBy?: readonly ModelShare[];
  readonly llm: LlmTotals;
  /** One for each model whose knowledge cut-off is known; none on a synthetic market; absent in runs of versions before it. */
  readonly knownBars?: readonly KnownBars[];
  readonly costs: { readonly feeBps: number; readonly spreadBps: number; readonly slippageBps: number };
  /** What a reader should know before believing the figures; absent in runs of versions before it. */
  readonly notes?: readonly string[];
  readonly hash: string;
  readonly timings: {
    readonly firstDecisionMs: number;
    readonly loadMs: number;
    readonly runMs: number;
    readonly statsMs: number;
  };
  /** Path of the HTML report. */
  readonly report: string | null;
}
