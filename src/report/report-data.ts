import type {
  CandleSeries,
  DecisionRecord,
  EquityPoint,
  OrderRecord,
  Position,
  Trade,
} from '../core/index.ts';
import type { RunDocument } from '../engine/index.ts';

/** The equity of a baseline at the same instants as the run's own points. */
export interface BaselineCurve {
  readonly name: 'buy-and-hold' | 'exposure-matched';
  readonly equity: Float64Array;
}

/** How far a run is, and who decided so far. */
export interface ReportProgress
  extends Pick<RunDocument, 'sources' | 'fellBack' | 'fellBackFor' | 'answeredBy' | 'llm'> {
  readonly done: number;
  readonly total: number;
}

/** A decision with the records it rests on. */
export interface ReportDecision {
  readonly decision: DecisionRecord;
  readonly voices: readonly DecisionRecord[];
}

/** Everything the report shows. While a run goes on `document` is null and `progress` says how far it is. */
export interface ReportData {
  readonly title: string;
  readonly synthetic: boolean;
  readonly document: RunDocument | null;
  readonly progress: ReportProgress | null;
  readonly deskText: string;
  readonly seed: number | null;
  readonly version: string;
  readonly equity: readonly EquityPoint[];
  readonly baselines: readonly BaselineCurve[];
  /** Candles of the stretch that was traded, one series per instrument. */
  readonly candles: readonly CandleSeries[];
  /** Closed ones, oldest first. */
  readonly trades: readonly Trade[];
  readonly orders: readonly OrderRecord[];
  /** What is open now, or was when the run ended. */
  readonly positions: readonly Position[];
  /** The decisions to show (newest first, at most a few hundred), each with the records it rests on. */
  readonly decisions: readonly ReportDecision[];
  readonly decisionCount: number;
  readonly alerts: readonly string[];
}
