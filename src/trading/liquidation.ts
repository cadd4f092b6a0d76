import type { Account } from './account.ts';
import type { Book } from './book.ts';

/**
 * The price of one instrument at which the account's equity equals the maintenance margin of all positions, everything
 * else at its last mark: from C + q·P = m·|q|·P + R, with C what the account is worth without this position and R what the
 * others need. NaN when no price above 0 does that.
 */
export function liquidationPrice(account: Account, book: Book): number {
  let others = 0;
  for (const other of account.books) {
    if (other !== book && other.gross !== 0)
      others += other.gross * other.mark * other.terms.maintenanceMargin;
  }
  const rest = account.equity - book.units * book.mark;
  const slope = book.units - book.gross * book.terms.maintenanceMargin;
  const price = (others - rest) / slope;
  return price > 0 && Number.isFinite(price) ? price : Number.NaN;
}
