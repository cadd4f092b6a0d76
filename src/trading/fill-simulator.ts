import type { CandleSeries } from '../core/index.ts';
import { dayMs } from '../core/index.ts';
import { Account } from './account.ts';
import { Book } from './book.ts';
import { carry } from './carry.ts';
import { ClosedLots } from './closed-lots.ts';
import type { Conventions } from './conventions.ts';
import { follow, fromEntry, legsCountAtOnce, provenByClose } from './entry-bar.ts';
import { liquidationPrice } from './liquidation.ts';
import type { ClosedLot, Lot } from './lot.ts';
import { OrderLog } from './order-log.ts';
import { Settlement, type SimulatedFill } from './settlement.ts';
import type { Terms } from './terms.ts';
import { onGrid, refuseSenseless } from './ticket-checks.ts';
import { type Moment, type PriceBar, priceAt, priceInQueue } from './trigger.ts';
import { type OrderRole, type Ticket, WorkingOrder } from './working-order.ts';

export interface SimulatorOptions {
  readonly cash: number;
  /** Slots are given in the order of symbols: the order of registration changes nothing. */
  readonly instruments: readonly { readonly symbol: string; readonly terms: Terms }[];
  readonly conventions: Conventions;
  /** Opposite orders open lots of their own instead of closing others first. */
  readonly hedging?: boolean;
  /** Each new order cancels what waits and closes what is held. */
  readonly exclusive?: boolean;
  /** Plain market orders fill at a close (the conventions say which) instead of the next open. */
  readonly tradeOnClose?: boolean;
  /**
   * `lot`: each keeps the stop-loss it was opened with. `position`: the latest protects all that is held, and at an open
   * it acts after the orders that fill there, so that these never meet a position they do not know of.
   */
  readonly stopOf?: 'lot' | 'position';
  /** Bars by which every order is late, protective prices apart; 0 when left out. */
  readonly delayBars?: number | undefined;
  readonly onFill?: (fill: SimulatedFill) => void;
}

/** The bar that one instrument has reached. */
export interface Turn {
  readonly slot: number;
  readonly series: CandleSeries;
  readonly index: number;
}

/** What fills orders: bars in, fills out, on one account. It never looks at a bar it has not been given. */
export class FillSimulator {
  readonly account: Account;
  readonly log = new OrderLog();
  readonly closedLots = new ClosedLots();
  /** Bars at which an order was refused for want of money. */
  readonly refusedAt: number[] = [];
  /** Equity is gone and trading has ended. */
  ruined = false;
  readonly #options: SimulatorOptions;
  readonly #settlement: Settlement;
  readonly #delayBars: number;
  readonly #liquidates: boolean;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#delayBars = options.delayBars ?? 0;
    this.#liquidates = options.conventions.ruin === 'liquidation';
    const sorted = [...options.instruments].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    this.account = new Account(
      options.cash,
      sorted.map(({ symbol, terms }, slot) => new Book(slot, symbol, terms)),
    );
    this.#settlement = new Settlement({
      account: this.account,
      log: this.log,
      conventions: options.conventions,
      hedging: options.hedging ?? false,
      onFill: options.onFill ?? null,
      closed: this.closedLots,
      onRefused: (_, bar) => this.refusedAt.push(bar),
    });
  }

  /** Lots as they were closed, in that order. */
  get closed(): readonly ClosedLot[] {
    return this.closedLots.list();
  }

  /**
   * Queues an order that may fill from the next bar on.
   * @throws RangeError for a size that is no number or 0, and for protective prices on the wrong side.
   */
  place(slot: number, ticket: Ticket): WorkingOrder {
    const book = this.account.books[slot]!;
    refuseSenseless(ticket, book, this.#options.conventions);
    if (this.#options.exclusive === true) this.#clear(book);
    const order = new WorkingOrder('entry', slot, book.bar.index, onGrid(ticket, book), null);
    book.orders.push(order);
    this.log.placed(order, book.bar.index);
    return order;
  }

  /** Closes `units` (> 0) of a lot as soon as possible, by default all of it. */
  close(lot: Lot, units: number = Math.abs(lot.size), id?: string): WorkingOrder {
    return this.#queue('close', lot, { size: lot.size > 0 ? -units : units, id });
  }

  cancel(order: WorkingOrder): void {
    const book = this.account.books[order.slot]!;
    book.remove(order);
    if (order.lot?.stopLoss === order) order.lot.stopLoss = null;
    if (order.lot?.takeProfit === order) order.lot.takeProfit = null;
    this.log.cancelled(order.slot, book.bar.index, order.size);
  }

  /** Sets or moves a lot's stop-loss, or takes it away (NaN). With `trail` it follows the best price at that distance. */
  protect(lot: Lot, price: number, trail?: number): void {
    if (lot.stopLoss !== null) this.cancel(lot.stopLoss);
    if (Number.isNaN(price)) return;
    lot.stopLoss = this.#queue('stop-loss', lot, { size: -lot.size, stop: price, trail, id: lot.openedBy });
  }

  /** Sets or moves a lot's take-profit, or takes it away (NaN). */
  target(lot: Lot, price: number): void {
    if (lot.takeProfit !== null) this.cancel(lot.takeProfit);
    if (Number.isNaN(price)) return;
    lot.takeProfit = this.#queue('take-profit', lot, { size: -lot.size, limit: price, id: lot.openedBy });
  }

  /** Plays bar `index` of one instrument: what is due fills, and the position is marked at the close. */
  step(slot: number, series: CandleSeries, index: number): void {
    const book = this.account.books[slot]!;
    book.turn(series, index);
    if (book.carries) carry(this.account, book);
    if (book.orders.length > 0) this.#play(book);
    else if (book.units !== 0 && this.#liquidates) this.#liquidate(book);
    book.mark = book.bar.close;
    if (!this.#liquidates) this.#endIfRuined(book);
  }

  /** Sells what is held, and buys back what was sold short, at the close that has been reached, whoever wanted to keep it. */
  closeOut(slot: number): void {
    const book = this.account.books[slot]!;
    for (const lot of [...book.lots]) {
      const { close, index } = book.bar;
      this.#settlement.force(
        book,
        lot,
        { price: close, resting: false, bar: index, limit: Number.NaN },
        'end',
      );
    }
  }

  /** The same for bars of several instruments that end together: each part of the bar for all of them before the next part. */
  stepTogether(turns: readonly Turn[]): void {
    const books = turns.map(({ slot, series, index }) => {
      const book = this.account.books[slot]!;
      book.turn(series, index);
      if (book.carries) carry(this.account, book);
      book.mark = book.bar.open;
      return book;
    });
    for (const book of books) this.#open(book);
    for (const book of books) this.#inside(book);
    for (const book of books) this.#atClose(book);
    for (const book of books) book.mark = book.bar.close;
  }

  #play(book: Book): void {
    if (this.#options.conventions.walk === 'queue') {
      this.#walkQueue(book);
      return;
    }
    this.#open(book);
    this.#inside(book);
    if (book.orders.length > 0) this.#atClose(book);
  }

  #open(book: Book): void {
    book.mark = book.bar.open;
    this.#expire(book);
    // Once more for the legs of what opened: the open may have gapped past them.
    if (this.#pass(book, 'open') && book.orders.length > 0) this.#pass(book, 'open');
  }

  #inside(book: Book): void {
    if (book.orders.length > 0) {
      if (this.#pass(book, 'stops')) this.#pass(book, 'stops');
      if (book.units !== 0) this.#liquidate(book);
      // Each entry inside the bar may bring legs that count in this bar; each opens once, so this ends.
      while (this.#pass(book, 'limits')) this.#pass(book, 'stops');
    }
    if (book.units !== 0) this.#liquidate(book);
  }

  #atClose(book: Book): void {
    this.#pass(book, 'close');
    this.#followAndExpire(book);
  }

  /** @returns whether something was opened. */
  #pass(book: Book, moment: Moment): boolean {
    const { bar } = book;
    let opened = false;
    for (const order of this.#inTurn(book, moment)) {
      if (!order.waiting || this.#isLate(order, bar)) continue;
      if (moment === 'limits' && !provenByClose(order, book)) continue;
      const due = priceAt(moment, order, bar, this.#options.tradeOnClose === true);
      if (Number.isNaN(due)) continue;
      const price = moment === 'open' || moment === 'close' ? due : fromEntry(order, moment, due, book);
      const resting = moment === 'limits';
      const { limit } = order;
      const lot = this.#settlement.settle(book, order, { price, resting, bar: bar.index, limit });
      if (!order.waiting && !order.refused) this.#cancelGroup(book, order);
      if (lot === null) continue;
      lot.openedInside = moment !== 'open';
      this.#attachLegs(lot, order.ticket);
      opened = true;
    }
    return opened;
  }

  #inTurn(book: Book, moment: Moment): readonly WorkingOrder[] {
    const orders = book.orders.slice();
    if (moment !== 'open' || this.#options.stopOf !== 'position') return orders;
    return orders.sort((one, other) => Number(one.isLeg) - Number(other.isLeg));
  }

  #isLate(order: WorkingOrder, bar: PriceBar): boolean {
    return this.#delayBars > 0 && !order.isLeg && bar.index <= order.placedAt + this.#delayBars;
  }

  #walkQueue(book: Book): void {
    const { bar } = book;
    book.mark = bar.close;
    let again = false;
    for (const order of [...book.orders]) {
      if (!order.waiting) continue;
      const sleeping = !Number.isNaN(order.stop);
      const plain = !sleeping && Number.isNaN(order.limit);
      const atClose = this.#options.tradeOnClose === true && !order.isLeg;
      const price = priceInQueue(order, bar, atClose ? bar.previousClose : bar.open);
      if (Number.isNaN(price)) continue;
      const index = plain && atClose ? bar.index - 1 : bar.index;
      const lot = this.#settlement.settle(book, order, {
        price,
        resting: false,
        bar: index,
        limit: Number.NaN,
      });
      if (lot === null) continue;
      this.#attachLegs(lot, order.ticket);
      again ||= legsCountAtOnce(order, plain, sleeping, bar);
    }
    if (again) this.#walkQueue(book);
  }

  #attachLegs(lot: Lot, { stopLoss, trailingStopLoss, takeProfit }: Ticket): void {
    if (takeProfit !== undefined) this.target(lot, takeProfit);
    if (trailingStopLoss !== undefined) {
      const start = stopLoss ?? lot.entryPrice - Math.sign(lot.size) * trailingStopLoss;
      this.protect(lot, start, trailingStopLoss);
    } else if (stopLoss !== undefined) {
      const all = this.#options.stopOf === 'position';
      for (const one of all ? this.account.books[lot.slot]!.lots : [lot]) this.protect(one, stopLoss);
    }
  }

  #queue(role: OrderRole, lot: Lot, ticket: Ticket): WorkingOrder {
    const book = this.account.books[lot.slot]!;
    const order = new WorkingOrder(role, lot.slot, book.bar.index, onGrid(ticket, book), lot);
    if (role === 'take-profit') book.orders.push(order);
    else book.orders.unshift(order);
    this.log.placed(order, book.bar.index);
    return order;
  }

  /** Of an exclusive order: entries go, lots are closed ahead of it. */
  #clear(book: Book): void {
    const all = this.#options.conventions.exclusiveCancels === 'all';
    for (const order of all ? [...book.orders] : book.orders) if (!order.isLeg) this.cancel(order);
    for (const lot of book.lots) this.close(lot);
  }

  #cancelGroup(book: Book, filled: WorkingOrder): void {
    const { group } = filled.ticket;
    if (group === undefined) return;
    for (const order of [...book.orders]) if (order.ticket.group === group) this.cancel(order);
  }

  #expire(book: Book): void {
    for (let at = book.orders.length - 1; at >= 0; at--) {
      const order = book.orders[at]!;
      const { timeInForce, expiresAt } = order.ticket;
      if (timeInForce !== 'gtd' && timeInForce !== 'day') continue;
      if (this.#isLate(order, book.bar)) continue;
      const { openTime } = book.bar;
      const day = Math.floor(openTime / dayMs);
      if (order.firstDay < 0) order.firstDay = day;
      const late =
        timeInForce === 'day' ? day > order.firstDay : expiresAt !== undefined && openTime >= expiresAt;
      if (late) this.cancel(order);
    }
  }

  /** Trailing stops follow what this bar has shown; what was for this bar only goes. */
  #followAndExpire(book: Book): void {
    const { bar } = book;
    for (const order of [...book.orders]) {
      const { trail, timeInForce, session } = order.ticket;
      const once =
        timeInForce === 'ioc' || timeInForce === 'fok' || (session !== undefined && session !== 'any');
      if (once && !this.#isLate(order, bar)) this.cancel(order);
      else if (trail !== undefined && !Number.isNaN(order.stop))
        follow(order, trail, bar, book.terms.tickSize);
    }
  }

  #liquidate(book: Book): void {
    const worst = book.units > 0 ? book.bar.low : book.bar.high;
    if (this.account.cushion(book, worst) <= 0) this.#sellOut(book);
  }

  #sellOut(book: Book): void {
    const { bar } = book;
    const long = book.units > 0;
    const price = liquidationPrice(this.account, book);
    if (Number.isNaN(price)) return;
    const at = long ? Math.min(bar.open, price) : Math.max(bar.open, price);
    for (const order of [...book.orders]) if (!order.isLeg) this.cancel(order);
    for (const lot of [...book.lots]) {
      this.#settlement.force(
        book,
        lot,
        { price: at, resting: false, bar: bar.index, limit: Number.NaN },
        'liquidation',
      );
    }
  }

  #endIfRuined(book: Book): void {
    const { account } = this;
    if (account.equity > 0) return;
    // As there, the list shrinks under the loop: of several lots every other one is closed.
    for (let at = 0; at < book.lots.length; at++) {
      const lot = book.lots[at]!;
      this.#settlement.force(
        book,
        lot,
        { price: book.bar.close, resting: false, bar: book.bar.index, limit: Number.NaN },
        'ruin',
      );
    }
    account.cash = 0;
    this.ruined = true;
  }
}
