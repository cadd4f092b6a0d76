import type { EpochMs } from '../core/index.ts';
import type { Lot } from './lot.ts';

/** How long an order waits: until cancelled, until a time, until the end of the UTC day, or for one bar (`fok`: whole or not at all). */
export type TimeInForce = 'gtc' | 'gtd' | 'day' | 'ioc' | 'fok';

/** When an order may fill: as soon as its prices allow, only at the next bar's open, or only at the next bar's close. */
export type Session = 'any' | 'open' | 'close';

/** What a trader asks for. Prices are absolute; what is left out does not apply. */
export interface Ticket {
  /** Signed: above 0 buys. */
  readonly size: number;
  /** What `size` counts: units, or a fraction of the account (above 0, at most 1) that is turned into units when it fills. */
  readonly of?: 'units' | 'account' | undefined;
  /** No worse than this price. */
  readonly limit?: number | undefined;
  /** Sleeps until this price is reached. */
  readonly stop?: number | undefined;
  /** The stop follows the best price at this distance; without `stop` it starts from the last close. */
  readonly trail?: number | undefined;
  /** Stop-loss of the lot that this order opens. */
  readonly stopLoss?: number | undefined;
  /** The same, following the best price at this distance from the entry. */
  readonly trailingStopLoss?: number | undefined;
  /** Take-profit of the lot that this order opens. */
  readonly takeProfit?: number | undefined;
  readonly timeInForce?: TimeInForce | undefined;
  /** For `gtd`: the first instant at which it no longer counts. */
  readonly expiresAt?: EpochMs | undefined;
  readonly session?: Session | undefined;
  /** Never opens nor enlarges a position. */
  readonly reduceOnly?: boolean | undefined;
  /** Orders of one group cancel each other when one of them fills. */
  readonly group?: string | undefined;
  /** Whatever the caller wants to find on the fill again. */
  readonly id?: string | undefined;
}

/** An entry waits on its own; the others belong to a lot and end with it. */
export type OrderRole = 'entry' | 'close' | 'stop-loss' | 'take-profit';

/** An order in the queue. NaN means that a price does not apply: a number in every field keeps the bar loop quick. */
export class WorkingOrder {
  ticket: Ticket;
  readonly role: OrderRole;
  readonly slot: number;
  readonly placedAt: number;
  /** The lot it closes; null for an entry. */
  readonly lot: Lot | null;
  /** Signed units, or a signed fraction until it fills. Shrinks as parts fill. */
  size: number;
  limit: number;
  /** NaN once reached. */
  stop: number;
  /** Bar whose range reached the stop while the limit may have been touched before it counted; −1 for none. */
  touchedIn = -1;
  /** The stop price it was given or has moved to, kept when it is reached. */
  protects: number;
  /** A fraction of the account has been turned into units. */
  sized = false;
  /** UTC day of the first bar it was offered to; −1 before. */
  firstDay = -1;
  /** In the queue: neither filled nor cancelled. */
  waiting = true;
  /** Taken away because the money did not suffice. */
  refused = false;

  constructor(role: OrderRole, slot: number, placedAt: number, ticket: Ticket, lot: Lot | null) {
    this.role = role;
    this.slot = slot;
    this.placedAt = placedAt;
    this.ticket = ticket;
    this.lot = lot;
    this.size = ticket.size;
    this.limit = ticket.limit ?? Number.NaN;
    this.stop = ticket.stop ?? Number.NaN;
    this.protects = this.stop;
  }

  /** Turns it into the new units of a split. */
  split(ratio: number): void {
    const { limit, stop, trail, stopLoss, trailingStopLoss, takeProfit } = this.ticket;
    const scaled = { limit, stop, trail, stopLoss, trailingStopLoss, takeProfit };
    const prices = Object.entries(scaled).flatMap(([name, price]) =>
      price === undefined ? [] : [[name, price / ratio]],
    );
    const counted = this.ticket.of === 'account' ? this.ticket.size : this.ticket.size * ratio;
    this.ticket = { ...this.ticket, size: counted, ...Object.fromEntries(prices) };
    if (this.ticket.of !== 'account' || this.sized) this.size *= ratio;
    this.limit /= ratio;
    this.stop /= ratio;
    this.protects /= ratio;
  }

  get isLeg(): boolean {
    return this.role === 'stop-loss' || this.role === 'take-profit';
  }
}
