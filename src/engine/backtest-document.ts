import type { MonteCarloResult } from './daily-returns.ts';
import type { Honesty } from './honesty.ts';
import type { Metrics, RunInstrument } from './run-document.ts';
import type { CompatibleStatistics } from './statistics/index.ts';
import type { Params } from './strategy.ts';

/** One closed lot; `openedAt` and `closedAt` are the opens of the bars it was opened and closed in. */
export interface BacktestTrade {
  readonly instrument: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: number;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entry: number;
  readonly exit: number;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly pnl: number;
  readonly fees: number;
  readonly returnPct: number;
}

/** A run's metrics; in compatibility mode the figures of backtesting.py by its own definitions. */
export type BacktestStatistics = Metrics | CompatibleStatistics;

/** What a test, single or many at once, rests on. `from` is the first bar's open, `to` the last bar's close. */
export interface BacktestHead {
  readonly strategy: string;
  readonly compat: boolean;
  readonly instruments: readonly RunInstrument[];
  readonly from: string;
  readonly to: string;
  readonly bars: number;
  readonly cash: number;
  readonly costs: { readonly commission: number; readonly spread: number; readonly slippage: number };
  /** Symbols whose splits and dividends were taken from a factor file. */
  readonly factors: readonly string[];
  /** Symbols whose funding was taken from a file. */
  readonly funded: readonly string[];
  /** What a reader should know before believing the figures. */
  readonly notes: readonly string[];
}

export interface BacktestTimings {
  readonly loadMs: number;
  readonly runMs: number;
  readonly statsMs: number;
}

/** What `orrery backtest --json` prints. */
export interface BacktestDocument extends BacktestHead {
  readonly params: Params;
  /** Closed ones. */
  readonly trades: number;
  /** Signed units still held at the end, by symbol. */
  readonly openUnits: { readonly [symbol: string]: number };
  readonly equityFinal: number;
  readonly fees: number;
  /** Paid for positions in perpetual futures, less received. */
  readonly funding: number;
  /** Paid for short positions. */
  readonly borrow: number;
  /** Orders the account could not pay for. */
  readonly refused: number;
  readonly stats: BacktestStatistics;
  /** Absent in compatibility mode, which is for comparing with another program. */
  readonly honesty?: Honesty;
  readonly orderHash: string;
  readonly timings: BacktestTimings;
  readonly monteCarlo?: MonteCarloResult;
  readonly tradeList?: readonly BacktestTrade[];
}

/** What `orrery backtest --json` prints for several strategies: the document of each, in the order given. */
export interface ComparisonDocument {
  readonly comparison: readonly BacktestDocument[];
}
