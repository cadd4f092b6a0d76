import type { CandleSeries, Fill, OrderRecord, OrderRefusal } from '../core/index.ts';
import type { Approved, Order } from './order.ts';

/** The bar of one instrument that has just closed. */
export interface ClosedBar {
  readonly instrument: string;
  readonly series: CandleSeries;
  readonly index: number;
}

/** One fill, whole: an order that closed and opened is one. */
export interface Executed {
  readonly fill: Fill;
  /** Stop of what this fill opened; null where it only closed. */
  readonly stop: number | null;
  /** The order, where nobody submitted it: a stop that was reached, or a liquidation. */
  readonly own: OrderRecord | null;
}

/** Where approved orders go. Takes nothing that has not passed the guard. */
export interface Broker {
  /** @throws OrreryError `order-forged` for an order the guard did not approve, or that was submitted before. */
  submit(order: Approved<Order>): void;
  /** Called at every instant with all bars that close then: what filled in them, in the order it happened. */
  advance(bars: readonly ClosedBar[]): readonly Executed[];
  /** Of the last `advance`: the orders that were due and could not be filled, or not whole. */
  refusals(): readonly OrderRefusal[];
  /** Submitted orders that have not filled yet, oldest first. */
  waiting(): readonly Order[];
  /** What it must remember between bars, as plain JSON. */
  state(): BrokerState;
}

/** What a simulated broker goes on from: the money, what is held with its stops, and what waits. */
export interface BrokerState {
  readonly cash: number;
  readonly holdings: readonly HoldingState[];
  readonly waiting: readonly Order[];
}

/** One instrument; without lots where only its last price is known. */
export interface HoldingState {
  readonly instrument: string;
  readonly mark: number;
  /** The order that opened the position. */
  readonly opening: Pick<Order, 'id' | 'decision'> | null;
  readonly lots: readonly LotState[];
}

export interface LotState {
  readonly size: number;
  readonly entryPrice: number;
  readonly entryBar: number;
  readonly entryFee: number;
  readonly openedBy: string;
  readonly stop: number | null;
}
