import type { Account } from './account.ts';
import type { Book } from './book.ts';

/**
 * The price of one instrument at which the account's equity equals the maintenance margin of all positions, everything
 * else at its last mark: from C + q·P = m·|q|·P + R, with C what the account is worth without this position and R what the
 * others need. NaN when no price above 0 does that.
 */
export function liquidationPrice(account: Account, book: Book): number {
  // Linear in the price: the cushion at 0 and what each unit of price changes.
  const slope = book.units - book.gross * book.terms.maintenanceMargin;
  const price = -account.cushion(book, 0) / slope;
  return price > 0 && Number.isFinite(price) ? price : Number.NaN;
}
