import type { Book } from './book.ts';
import type { Conventions } from './conventions.ts';
import { onTick } from './terms.ts';
import type { Ticket } from './working-order.ts';

/** Waiting prices on the instrument's grid, on the side that fills later. */
export function onGrid(ticket: Ticket, book: Book): Ticket {
  const { tickSize } = book.terms;
  const buys = ticket.size > 0;
  const trailed =
    ticket.trail !== undefined && ticket.stop === undefined
      ? { ...ticket, stop: book.bar.close + (buys ? ticket.trail : -ticket.trail) }
      : ticket;
  if (tickSize === 0) return trailed;
  const { limit, stop } = trailed;
  return {
    ...trailed,
    ...(limit === undefined ? {} : { limit: onTick(limit, tickSize, !buys) }),
    ...(stop === undefined ? {} : { stop: onTick(stop, tickSize, buys) }),
  };
}

/** @throws RangeError for a size or price that is none, and for protective prices on the wrong side of where it may fill */
export function refuseSenseless(ticket: Ticket, book: Book, conventions: Conventions): void {
  const { size, limit, stop, stopLoss, takeProfit, trail, trailingStopLoss } = ticket;
  if (!Number.isFinite(size) || size === 0) throw new RangeError(`an order of ${size} is no order`);
  if (ticket.of === 'account' && Math.abs(size) > 1) {
    throw new RangeError(`an order of ${Math.abs(size)} times the account; at most 1`);
  }
  refuseNoPrice(limit);
  refuseNoPrice(stop);
  refuseNoPrice(stopLoss);
  refuseNoPrice(takeProfit);
  refuseNoPrice(trail);
  refuseNoPrice(trailingStopLoss);
  const buys = size > 0;
  const spread = book.terms.spread * (conventions.spread === 'whole-on-entry' ? 1 : 0.5);
  const market = book.mark * (1 + (buys ? spread : -spread));
  // A stop-limit may fill at either of its prices; the compatibility mode's model looks at the limit alone.
  const both = conventions.walk === 'chronological' && limit !== undefined && stop !== undefined;
  const lowest = both ? Math.min(limit, stop) : (limit ?? stop ?? market);
  const highest = both ? Math.max(limit, stop) : lowest;
  const below = buys ? stopLoss : takeProfit;
  const above = buys ? takeProfit : stopLoss;
  if ((below ?? Number.NEGATIVE_INFINITY) < lowest && highest < (above ?? Number.POSITIVE_INFINITY)) return;
  const order = buys ? 'stop-loss < entry < take-profit' : 'take-profit < entry < stop-loss';
  throw new RangeError(
    `${buys ? 'buying' : 'selling'} at ${lowest} needs ${order}; got stop-loss ${stopLoss ?? 'none'}, take-profit ${takeProfit ?? 'none'}`,
  );
}

function refuseNoPrice(price: number | undefined): void {
  if (price === undefined || (price > 0 && price < Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`${price} is no price and no distance: above 0`);
}
