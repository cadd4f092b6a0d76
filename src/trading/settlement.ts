import type { Account } from './account.ts';
import type { Book } from './book.ts';
import type { ClosedLots, Exit } from './closed-lots.ts';
import type { Conventions } from './conventions.ts';
import { Lot } from './lot.ts';
import type { OrderLog } from './order-log.ts';
import { feeFor, proportionalFee, slippedPrice, wholeLots } from './terms.ts';
import type { WorkingOrder } from './working-order.ts';

/** One fill. `size` is signed; `price` is what was paid, spread and slippage included. */
export interface SimulatedFill {
  readonly order: WorkingOrder | null;
  readonly slot: number;
  readonly size: number;
  readonly price: number;
  readonly fee: number;
  readonly bar: number;
}

export interface SettlementOptions {
  readonly account: Account;
  readonly log: OrderLog;
  readonly conventions: Conventions;
  readonly hedging: boolean;
  readonly onFill: ((fill: SimulatedFill) => void) | null;
  readonly closed: ClosedLots;
  /** An order was taken away because the money did not suffice. */
  readonly onRefused: (order: WorkingOrder, bar: number) => void;
}

/** Where and how an order came to be filled. */
export interface Execution {
  /** Before spread and slippage. */
  readonly price: number;
  /** It waited at its limit: no spread, no slippage, the maker's fee. */
  readonly resting: boolean;
  readonly bar: number;
  /** The worst price it may fill at, costs included; NaN for any. */
  readonly limit: number;
}

/** Relative: what sums and quotients of doubles leave behind. */
const dust = 1e-12;

/** What an order that is due does to the account: how much of it fills, at what cost, what that closes and what it opens. */
export class Settlement {
  readonly #options: SettlementOptions;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** @returns the lot that was opened, if any. */
  settle(book: Book, order: WorkingOrder, execution: Execution): Lot | null {
    if (order.lot === null) return this.#enter(book, order, execution);
    this.#exit(book, order, order.lot, execution);
    return null;
  }

  /** Closes a whole lot whoever wanted to keep it: `reason` stands where an order's id would. */
  force(book: Book, lot: Lot, execution: Execution, reason: string): void {
    const units = Math.abs(lot.size);
    const direction = -Math.sign(lot.size);
    const paid = this.#price(book, direction, units, execution, 'exit');
    const fee = this.#fee(book, units, paid, execution.resting);
    this.#report(null, book, direction * units, paid, fee, execution.bar);
    this.#closeLot(book, lot, { units, price: paid, fee, bar: execution.bar, by: reason });
  }

  #closeLot(book: Book, lot: Lot, exit: Exit): void {
    const { account, conventions, closed } = this.#options;
    const { units, price, fee } = exit;
    const held = Math.abs(lot.size);
    const whole = held - units <= dust * held;
    const size = whole ? lot.size : Math.sign(lot.size) * units;
    const shared = conventions.entryFeeOfParts === 'shared';
    const entryFee = shared ? lot.entryFee * (units / held) : this.#fee(book, units, lot.entryPrice, false);
    account.cash += size * price - fee;
    account.fees += fee;
    account.traded += units * price;
    closed.add(lot, exit, size, entryFee + fee);
    lot.entryFee -= entryFee;
    book.take(lot, units, whole);
  }

  #exit(book: Book, order: WorkingOrder, lot: Lot, execution: Execution): void {
    if (!book.lots.includes(lot)) {
      book.remove(order);
      return;
    }
    const wanted = Math.min(Math.abs(lot.size), Math.abs(order.size));
    const units = withinVolume(book, order, wanted);
    if (units <= 0) return;
    const direction = Math.sign(order.size);
    const paid = this.#price(book, direction, units, execution, 'exit');
    const fee = this.#fee(book, units, paid, execution.resting);
    book.taken += units;
    this.#report(order, book, direction * units, paid, fee, execution.bar);
    this.#closeLot(book, lot, { units, price: paid, fee, bar: execution.bar, by: order.ticket.id ?? '' });
    if (order.isLeg) return;
    if (units < wanted) order.size -= direction * units;
    else book.remove(order);
  }

  #enter(book: Book, order: WorkingOrder, execution: Execution): Lot | null {
    const { account, conventions, hedging } = this.#options;
    const direction = Math.sign(order.size);
    if (conventions.valuedAt === 'fill') book.mark = execution.price;
    const against = hedging || book.units * direction >= 0 ? 0 : Math.abs(book.units);
    const unitCost = this.#unitCost(book, order, execution);
    const wanted = this.#wantedUnits(book, order, against, unitCost);
    const allowed = order.ticket.reduceOnly === true ? Math.min(wanted, against) : wanted;
    if (allowed <= 0) return wanted > 0 && rests(order) ? sleepAgain(order) : this.#refuse(book, order);
    order.size = direction * wanted;
    order.sized = true;
    const units = withinVolume(book, order, allowed);
    if (units <= 0) return null;
    const closing = Math.min(units, against);
    if (closing > 0) this.#closeOldestFirst(book, order, closing, execution);
    const opening = units - closing;
    let lot: Lot | null = null;
    if (opening > dust * units) {
      const { initialMargin, fees } = book.terms;
      const fixed = conventions.fixedFeeInSizing === 'once' ? fees.fixed : 0;
      if (opening * unitCost + fixed > (account.free / initialMargin) * (1 + dust)) {
        return this.#refuse(book, order);
      }
      lot = this.#open(book, order, direction * opening, execution);
    }
    if (units < allowed) order.size = direction * (wanted - units);
    else book.remove(order);
    return lot;
  }

  /** Units of an entry, in whole lots; 0 when the money does not suffice for one. */
  #wantedUnits(book: Book, order: WorkingOrder, against: number, unitCost: number): number {
    const { account, conventions } = this.#options;
    const { lotSize, initialMargin, fees } = book.terms;
    const asked = Math.abs(order.size);
    if (order.ticket.of !== 'account' || order.sized) return wholeLots(asked, lotSize);
    const leverage = 1 / initialMargin;
    if (conventions.sizedBy === 'free-margin') {
      return wholeLots(Math.floor((account.free * leverage * asked) / unitCost), lotSize);
    }
    // What stands against it is closed first and gives its margin back.
    const free = Math.max(0, account.equity - account.marginUsed + against * book.mark * initialMargin);
    const budget = Math.min(free, account.equity * asked) * leverage - fees.fixed;
    const opening = budget > 0 ? wholeLots(budget / unitCost, lotSize) : 0;
    return against + opening;
  }

  /** Of opening one unit, fee included. */
  #unitCost(book: Book, order: WorkingOrder, execution: Execution): number {
    const { conventions, account } = this.#options;
    const asked = Math.abs(order.size);
    const price = this.#price(book, Math.sign(order.size), asked, execution, 'entry');
    const { fees } = book.terms;
    if (conventions.fixedFeeInSizing === 'per-unit') {
      return price + feeFor(fees, asked, execution.price, execution.resting, account.traded) / asked;
    }
    return price + proportionalFee(fees, 1, price, execution.resting, account.traded);
  }

  #closeOldestFirst(book: Book, order: WorkingOrder, units: number, execution: Execution): void {
    const direction = Math.sign(order.size);
    const paid = this.#price(book, direction, units, execution, 'exit');
    const shared = this.#options.conventions.entryFeeOfParts === 'shared';
    const feeOfAll = this.#fee(book, units, paid, execution.resting);
    book.taken += units;
    if (shared) this.#report(order, book, direction * units, paid, feeOfAll, execution.bar);
    let left = units;
    for (const lot of [...book.lots]) {
      if (left <= dust * units) return;
      if (lot.size * direction > 0) continue;
      const part = Math.min(left, Math.abs(lot.size));
      left -= part;
      const fee = shared ? feeOfAll * (part / units) : this.#fee(book, part, paid, execution.resting);
      if (!shared) this.#report(order, book, direction * part, paid, fee, execution.bar);
      this.#closeLot(book, lot, {
        units: part,
        price: paid,
        fee,
        bar: execution.bar,
        by: order.ticket.id ?? '',
      });
    }
  }

  #open(book: Book, order: WorkingOrder, size: number, execution: Execution): Lot {
    const { account } = this.#options;
    const units = Math.abs(size);
    const price = this.#price(book, Math.sign(size), units, execution, 'entry');
    const fee = this.#fee(book, units, price, execution.resting);
    account.cash -= size * price + fee;
    account.fees += fee;
    account.traded += units * price;
    book.taken += units;
    const lot = new Lot(book.slot, size, price, execution.bar, fee, order.ticket.id ?? '');
    book.add(lot);
    this.#report(order, book, size, price, fee, execution.bar);
    return lot;
  }

  #price(book: Book, direction: number, units: number, execution: Execution, way: 'entry' | 'exit'): number {
    const { price, resting } = execution;
    const { spread, slippage } = book.terms;
    if (this.#options.conventions.spread === 'whole-on-entry') {
      return way === 'entry' ? price * (1 + direction * spread) : price;
    }
    if (resting) return price;
    const share =
      slippage.kind === 'volume-share' && book.bar.volume > 0 ? Math.min(1, units / book.bar.volume) : 0;
    const paid = slippedPrice(book.terms, price, direction, share);
    if (Number.isNaN(execution.limit)) return paid;
    return direction > 0 ? Math.min(paid, execution.limit) : Math.max(paid, execution.limit);
  }

  #fee(book: Book, units: number, price: number, resting: boolean): number {
    return feeFor(book.terms.fees, units, price, resting, this.#options.account.traded);
  }

  #refuse(book: Book, order: WorkingOrder): null {
    order.refused = true;
    book.remove(order);
    this.#options.log.cancelled(book.slot, book.bar.index, order.size);
    this.#options.onRefused(order, book.bar.index);
    return null;
  }

  #report(
    order: WorkingOrder | null,
    book: Book,
    size: number,
    price: number,
    fee: number,
    bar: number,
  ): void {
    this.#options.log.filled(book.slot, bar, size, price);
    this.#options.onFill?.({ order, slot: book.slot, size, price, fee, bar });
  }
}

/** What the bar's volume has left for this order, in whole lots. */
function withinVolume(book: Book, order: WorkingOrder, units: number): number {
  const { volumeShare, lotSize } = book.terms;
  if (volumeShare === Number.POSITIVE_INFINITY) return units;
  const left = Math.max(0, volumeShare * book.bar.volume - book.taken);
  if (units <= left) return units;
  return order.ticket.timeInForce === 'fok' ? 0 : wholeLots(left, lotSize);
}

/** A reduce-only order with a price of its own waits for something to reduce. */
function rests({ ticket }: WorkingOrder): boolean {
  return ticket.reduceOnly === true && (ticket.limit ?? ticket.stop ?? ticket.trail) !== undefined;
}

function sleepAgain(order: WorkingOrder): null {
  order.stop = order.protects;
  return null;
}
