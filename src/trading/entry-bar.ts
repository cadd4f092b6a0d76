import type { Book } from './book.ts';
import type { Lot } from './lot.ts';
import { onTick } from './terms.ts';
import type { Moment, PriceBar } from './trigger.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * What only closes must not gain from a part of the range that may be older than what it closes: after an entry inside the
 * bar only the close is surely later.
 */
export function provenByClose(order: WorkingOrder, { bar, lots }: Book): boolean {
  const { role, size, limit, ticket } = order;
  if (role !== 'take-profit' && ticket.reduceOnly !== true) return true;
  if (Number.isNaN(freshEntry(order, lots, bar))) return true;
  return size < 0 ? bar.close >= limit : bar.close <= limit;
}

/**
 * What closes a lot that was opened inside this bar is reached from its entry, not from beyond it: a stop on the far side of
 * the entry fills there, a limit that the entry is already better than at the worse of entry and close.
 */
export function fromEntry(order: WorkingOrder, moment: Moment, price: number, { bar, lots }: Book): number {
  if (order.lot === null && order.ticket.reduceOnly !== true) return price;
  const entry = freshEntry(order, lots, bar);
  if (Number.isNaN(entry)) return price;
  const sells = order.size < 0;
  if (moment === 'stops') return sells ? Math.min(price, entry) : Math.max(price, entry);
  return sells ? Math.max(price, Math.min(entry, bar.close)) : Math.min(price, Math.max(entry, bar.close));
}

/** The worst entry, for the order, of what it closes and what was opened inside this bar; NaN for none. */
function freshEntry(order: WorkingOrder, lots: readonly Lot[], bar: PriceBar): number {
  const sells = order.size < 0;
  let worst = Number.NaN;
  for (const lot of order.lot === null ? lots : [order.lot]) {
    if (!lot.openedInside || lot.entryBar !== bar.index || lot.size > 0 !== sells) continue;
    worst = Number.isNaN(worst) || lot.entryPrice < worst === sells ? lot.entryPrice : worst;
  }
  return worst;
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
