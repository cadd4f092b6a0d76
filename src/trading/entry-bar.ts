import type { Book } from './book.ts';
import type { Lot } from './lot.ts';
import { onTick } from './terms.ts';
import type { PriceBar } from './trigger.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * What only closes must not gain from a part of the range that may be older than what it closes: after an entry inside the
 * bar only the close is surely later.
 */
export function provenByClose(
  { role, lot, size, limit, ticket }: WorkingOrder,
  { bar, lots }: Book,
): boolean {
  if (role !== 'take-profit' && ticket.reduceOnly !== true) return true;
  const fresh = (one: Lot) => one.openedInside && one.entryBar === bar.index;
  if (lot === null ? !lots.some(fresh) : !fresh(lot)) return true;
  return size < 0 ? bar.close >= limit : bar.close <= limit;
}

/** A stop of a lot that was opened inside this bar was reached from the entry, not from beyond it. */
export function fromEntry({ lot, size }: WorkingOrder, price: number, bar: PriceBar): number {
  if (lot === null || !lot.openedInside || lot.entryBar !== bar.index) return price;
  return size < 0 ? Math.min(price, lot.entryPrice) : Math.max(price, lot.entryPrice);
}

/** In the queue's walk: whether the legs of what has just opened are looked at in the same bar. */
export function legsCountAtOnce(
  { ticket, size }: WorkingOrder,
  plain: boolean,
  stopped: boolean,
  bar: PriceBar,
): boolean {
  const { stopLoss, takeProfit, limit } = ticket;
  if (stopLoss === undefined && takeProfit === undefined) return false;
  if (plain) return true;
  if (!stopped || limit !== undefined || takeProfit === undefined) return false;
  return size > 0
    ? takeProfit <= bar.high && (stopLoss ?? Number.NEGATIVE_INFINITY) < bar.low
    : takeProfit >= bar.low && (stopLoss ?? Number.POSITIVE_INFINITY) > bar.high;
}

/** Moves a trailing stop to what the bar has shown, never back; on the bar of the entry only the close is surely later. */
export function follow(order: WorkingOrder, trail: number, bar: PriceBar, tickSize: number): void {
  const sells = order.size < 0;
  const inside = order.lot?.openedInside === true && order.lot.entryBar === bar.index;
  const best = inside ? bar.close : sells ? bar.high : bar.low;
  const stop = onTick(sells ? best - trail : best + trail, tickSize, !sells);
  order.stop = sells ? Math.max(order.stop, stop) : Math.min(order.stop, stop);
  order.protects = order.stop;
}
