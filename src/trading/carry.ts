import type { CorporateAction } from '../core/index.ts';
import type { Account } from './account.ts';
import type { Book } from './book.ts';

const yearMs = 365 * 86_400_000;

/**
 * What holding a position over the time before this bar brings and costs, on the units held before any order of the bar,
 * at its open. Splits turn lots and waiting orders into the new units; dividends go to who held over the last close, and
 * a short position pays them; funding is units × open × rate, paid by longs when the rate is above 0; borrowing costs a
 * short position its rate, on the last close, for the time between the opens.
 */
export function carry(account: Account, book: Book): void {
  const { bar, terms } = book;
  const elapsedMs = bar.openTime - book.carriedTo;
  const before = book.carriedTo;
  book.carriedTo = bar.openTime;
  if (Number.isNaN(before)) {
    while (due(terms.actions[book.nextAction], bar.openTime)) book.nextAction++;
    while (due(terms.funding[book.nextFunding], bar.openTime)) book.nextFunding++;
    return;
  }
  if (book.units < 0 && terms.borrowPerYear > 0) {
    const cost = -book.units * book.mark * terms.borrowPerYear * (elapsedMs / yearMs);
    account.cash -= cost;
    account.borrow += cost;
  }
  for (
    let action = terms.actions[book.nextAction];
    due(action, bar.openTime);
    action = terms.actions[book.nextAction]
  ) {
    book.nextAction++;
    apply(action, account, book);
  }
  for (
    let rate = terms.funding[book.nextFunding];
    due(rate, bar.openTime);
    rate = terms.funding[book.nextFunding]
  ) {
    book.nextFunding++;
    const paid = book.units * bar.open * rate.rate;
    account.cash -= paid;
    account.funding += paid;
  }
}

function due<Event extends { readonly at: number }>(
  event: Event | undefined,
  openTime: number,
): event is Event {
  return event !== undefined && event.at <= openTime;
}

function apply(action: CorporateAction, account: Account, book: Book): void {
  if (action.kind === 'dividend') {
    const received = book.units * action.amount;
    account.cash += received;
    account.dividends += received;
    return;
  }
  const { ratio } = action;
  for (const lot of book.lots) {
    lot.size *= ratio;
    lot.entryPrice /= ratio;
  }
  for (const order of book.orders) order.split(ratio);
  book.units *= ratio;
  book.gross *= ratio;
  book.mark /= ratio;
}
