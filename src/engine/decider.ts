import type { DecisionRecord, EpochMs, Instrument, OrderRequest, Position } from '../core/index.ts';

export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface AccountState {
  readonly equity: number;
  readonly cash: number;
  /** Under the highest equity so far, in per cent. */
  readonly drawdownPct: number;
}

/** What is known at the close of one bar of one instrument. */
export interface Situation {
  readonly run: string;
  /** Ordinal of this (instant, instrument) pair in the run, from 1. */
  readonly number: number;
  readonly at: EpochMs;
  readonly instrument: Instrument;
  /** Of the bar within its series. */
  readonly index: number;
  readonly bar: Bar;
  readonly position: Position | null;
  /** Price at which the position was stopped out in this bar; null when it was not. */
  readonly stoppedOut: number | null;
  readonly account: AccountState;
}

/** The answer to a situation: the decision, what it rests on, and the order it asks for. */
export interface Conclusion {
  /** `order` is null here; the loop fills it in after the guard. */
  readonly decision: DecisionRecord;
  readonly voices: readonly DecisionRecord[];
  readonly request: OrderRequest | null;
}

/** All that the engine knows of agents. */
export interface Decider {
  /** Never throws for an agent's failure: that is a decision of its own. A plain value costs no turn of the event loop. */
  decide(situation: Situation): Conclusion | Promise<Conclusion>;
  /** What it must remember between bars, as plain JSON, e.g. the last signal of an agent that does not run on every bar. */
  state(): unknown;
}
