import type { EpochMs } from './clock.ts';

export type Side = 'BUY' | 'SELL';

/** What an agent asks for, before the guard has seen it. */
export interface OrderRequest {
  readonly instrument: string;
  readonly side: Side;
  /** Units, > 0. On a reversal it covers the position that is closed and the one that is opened. */
  readonly quantity: number;
  /** Protective stop of the position that this order opens; null for an exit. */
  readonly stop: number | null;
}

/** Why a position was closed. */
export type ExitKind = 'decision' | 'stop' | 'liquidation';

export type OrderStatus = 'approved' | 'refused' | 'filled';

/** An order as the journal keeps it. */
export interface OrderRecord {
  readonly id: string;
  readonly at: EpochMs;
  readonly instrument: string;
  readonly side: Side;
  /** `stop`: the stop of a position, written down when it fills. */
  readonly type: 'market' | 'stop';
  readonly quantity: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly status: OrderStatus;
  /** Why the guard refused or cut it, or the broker could not fill it; null when it passed whole. */
  readonly reason: string | null;
  /** Id of the decision that asked for it; of a stop or a liquidation, the one that opened the position. */
  readonly decision: string;
}

/** What the broker could not do of an order that the guard had approved: all of it, or what its fill leaves. */
export interface OrderRefusal {
  /** Id of the order. */
  readonly order: string;
  /** Open of the bar in which it was due. */
  readonly at: EpochMs;
  readonly reason: string;
}

export interface Fill {
  /** Id of the order. */
  readonly order: string;
  /** Open of the bar it happened in: inside a bar the moment is not known. */
  readonly at: EpochMs;
  readonly instrument: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

/** A closed round trip. `pnl` is after the fees of both sides. */
export interface Trade {
  readonly instrument: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: number;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
  readonly entry: number;
  readonly exit: number;
  readonly pnl: number;
  readonly fees: number;
  /** `pnl` per cent of the entry value. */
  readonly returnPct: number;
  /** Ids of the orders that opened and closed it. */
  readonly openedBy: string;
  readonly closedBy: string;
}

/** An open position; `quantity` is signed, negative when short. */
export interface Position {
  readonly instrument: string;
  readonly quantity: number;
  /** Average fill price of what is open. */
  readonly entry: number;
  readonly openedAt: EpochMs;
  /** Protective stop; null when none was given. */
  readonly stop: number | null;
  /** Entry fees not yet charged to a trade. */
  readonly fees: number;
  readonly openedBy: string;
}

export interface EquityPoint {
  readonly at: EpochMs;
  readonly equity: number;
  readonly cash: number;
}
