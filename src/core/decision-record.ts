import type { EpochMs } from './clock.ts';
import type { Evidence, KeyFactor, Missing } from './evidence.ts';
import type { JsonValue } from './json.ts';
import type { ExitKind, Side } from './order.ts';

export type Action = 'BUY' | 'SELL' | 'HOLD' | 'CLOSE';
export type Stance = 'LONG' | 'SHORT' | 'FLAT';
export type RecordKind = 'signal' | 'proposal' | 'verdict' | 'decision';
/** Who made the choice. `hold` is the last rung: nobody could. */
export type Source = 'llm' | 'cache' | 'council' | 'model' | 'rules' | 'hold';
/** The step of the chief's ladder that answered. */
export type Rung = 'primary' | 'backup' | 'council' | 'cache' | 'rules' | 'hold';

/** The risk officer's answer to one proposal. `adjustedSize` (units) may only be smaller than what was proposed. */
export interface Verdict {
  readonly approved: boolean;
  readonly adjustedSize: number | null;
  /** 0 safe … 1 dangerous */
  readonly riskScore: number;
  readonly warnings: readonly string[];
}

/** The order a decision led to, as it left the guard. */
export interface DecisionOrder {
  readonly id: string;
  readonly side: Side;
  readonly type: 'market';
  readonly quantity: number;
  readonly stop: number | null;
  readonly status: 'approved' | 'refused';
  readonly reason: string | null;
}

/** What followed; a later record, joined when read. */
export interface Outcome {
  readonly status: 'refused' | 'pending' | 'open' | 'closed';
  readonly filledAt: EpochMs | null;
  readonly price: number | null;
  readonly fee: number | null;
  readonly closedAt: EpochMs | null;
  readonly exit: number | null;
  /** What closed it; null while it is open. */
  readonly exitBy: ExitKind | null;
  readonly pnl: number | null;
  readonly returnPct: number | null;
  /** What the broker could not do of the order, and why; null where it did all, or was never asked. */
  readonly reason: string | null;
}

/** What it took to get an answer from a provider. All zero or null for rules. */
export interface CallCost {
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly latencyMs: number;
  readonly costUsd: number;
  /** Id of the recorded exchange, when recording was on. */
  readonly recording: string | null;
}

/** What one agent concluded at one bar close, as the agent hands it over: the journal adds the run, the desk nothing. */
export interface DecisionRecord extends CallCost {
  /** `RUN.NUMBER[.AGENT[.proposal|.PROPOSER]]`, see `record-id.ts`. */
  readonly id: string;
  /** Ordinal of the (instant, instrument) pair within the run, from 1. */
  readonly number: number;
  /** Close of the bar decided on. */
  readonly at: EpochMs;
  readonly instrument: string;
  readonly agent: string;
  readonly kind: RecordKind;
  readonly action: Action;
  /** Where the agent stands after its answer; for a decision the position it aims at. */
  readonly stance: Stance;
  /** 0 … 1 */
  readonly confidence: number;
  /** Units; null where nothing is sized. */
  readonly size: number | null;
  /** Value per cent of equity. */
  readonly sizePct: number | null;
  readonly stop: number | null;
  readonly reasoning: string;
  readonly keyFactors: readonly KeyFactor[];
  readonly evidence: readonly Evidence[];
  readonly missing: readonly Missing[];
  /** Share of the configured inputs that were there, 0 … 1. */
  readonly coverage: number;
  /** What the agent was shown beside the evidence. */
  readonly inputs: { readonly [name: string]: JsonValue };
  readonly source: Source;
  /** Set by the chief only. */
  readonly rung: Rung | null;
  readonly fellBack: boolean;
  /** Ids of the records this one rests on. */
  readonly parents: readonly string[];
  readonly verdict: Verdict | null;
  readonly order: DecisionOrder | null;
}
