import type { Book } from './book.ts';

/**
 * Cash and books. Equity = cash + Σ units × mark. Cash changes only by fills (−signed units × price − fee), dividends,
 * funding and borrow costs.
 */
export class Account {
  cash: number;
  fees = 0;
  /** Received less paid. */
  dividends = 0;
  /** Paid less received. */
  funding = 0;
  /** Paid for short positions. */
  borrow = 0;
  /** Value of all fills so far; decides the fee tier. */
  traded = 0;
  readonly books: readonly Book[];

  constructor(cash: number, books: readonly Book[]) {
    this.cash = cash;
    this.books = books;
  }

  get equity(): number {
    let equity = this.cash;
    for (let slot = 0; slot < this.books.length; slot++) {
      const { units, mark } = this.books[slot]!;
      if (units !== 0) equity += units * mark;
    }
    return equity;
  }

  /** What must be covered to have opened all positions at their marks. */
  get marginUsed(): number {
    let used = 0;
    for (const { gross, mark, terms } of this.books)
      if (gross !== 0) used += gross * mark * terms.initialMargin;
    return used;
  }

  /** Equity beyond the maintenance margin of all positions, if one instrument stood at `price` and the others at their marks. */
  cushion(at: Book, price: number): number {
    let cushion = this.cash + at.units * price - at.gross * price * at.terms.maintenanceMargin;
    for (const book of this.books) {
      if (book === at || book.gross === 0) continue;
      cushion += book.units * book.mark - book.gross * book.mark * book.terms.maintenanceMargin;
    }
    return cushion;
  }

  /** Equity that no position needs; never below 0. */
  get free(): number {
    return Math.max(0, this.equity - this.marginUsed);
  }
}
