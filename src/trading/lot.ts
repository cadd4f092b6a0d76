import type { WorkingOrder } from './working-order.ts';

/** What one fill opened and has not been closed yet. A position is the sum of its lots. */
export class Lot {
  readonly slot: number;
  /** Signed units. */
  size: number;
  entryPrice: number;
  readonly entryBar: number;
  /** Fee paid on entry for the units that are left. */
  entryFee: number;
  /** By a stop or limit inside the range of its entry bar: what the range shows may be older than the lot. */
  openedInside = false;
  stopLoss: WorkingOrder | null = null;
  takeProfit: WorkingOrder | null = null;
  /** The ticket's id of the order that opened it. */
  readonly openedBy: string;

  constructor(
    slot: number,
    size: number,
    entryPrice: number,
    entryBar: number,
    entryFee: number,
    openedBy: string,
  ) {
    this.slot = slot;
    this.size = size;
    this.entryPrice = entryPrice;
    this.entryBar = entryBar;
    this.entryFee = entryFee;
    this.openedBy = openedBy;
  }
}

/** A lot, or a part of one, that was closed. Bars are indexes into the instrument's series. */
export interface ClosedLot {
  readonly slot: number;
  /** Signed as it was held. */
  readonly size: number;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Of both sides. */
  readonly fees: number;
  /** After fees. */
  readonly pnl: number;
  /** `pnl` by the entry value. */
  readonly returnFraction: number;
  /** Its protective prices when it closed; NaN for none. */
  readonly stopLoss: number;
  readonly takeProfit: number;
  readonly openedBy: string;
  readonly closedBy: string;
}
