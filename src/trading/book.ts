import type { CandleSeries } from '../core/index.ts';
import type { Lot } from './lot.ts';
import { takeOut } from './take-out.ts';
import type { Terms } from './terms.ts';
import { PriceBar } from './trigger.ts';
import type { WorkingOrder } from './working-order.ts';

/** One instrument of an account: what is held, what waits, and the bar it has reached. */
export class Book {
  readonly slot: number;
  readonly symbol: string;
  readonly terms: Terms;
  readonly lots: Lot[] = [];
  /** Protective stops and closes in front, the rest in order of arrival. */
  readonly orders: WorkingOrder[] = [];
  readonly bar = new PriceBar();
  /** Last price the position is valued at. */
  mark = 0;
  /** Signed sum of the lots, and the sum of their magnitudes. */
  units = 0;
  gross = 0;
  /** Something happens to what is held between bars. */
  readonly carries: boolean;
  /** Open of the last bar up to which holding has been paid for; NaN before the first. */
  carriedTo = Number.NaN;
  nextAction = 0;
  nextFunding = 0;
  /** Units of the current bar's volume that fills have taken. */
  taken = 0;

  constructor(slot: number, symbol: string, terms: Terms) {
    this.slot = slot;
    this.symbol = symbol;
    this.terms = terms;
    this.carries = terms.actions.length > 0 || terms.funding.length > 0 || terms.borrowPerYear > 0;
  }

  /** Makes bar `index` of `series` the current one. */
  turn(series: CandleSeries, index: number): void {
    this.bar.turnTo(series, index);
    this.taken = 0;
  }

  add(lot: Lot): void {
    this.lots.push(lot);
    this.units += lot.size;
    this.gross += Math.abs(lot.size);
  }

  /** Takes `units` (> 0) out of a lot; one that is used up leaves, with its legs. */
  take(lot: Lot, units: number, whole: boolean): void {
    if (whole) {
      takeOut(this.lots, lot);
      if (lot.stopLoss !== null) this.remove(lot.stopLoss);
      if (lot.takeProfit !== null) this.remove(lot.takeProfit);
    } else {
      lot.size -= Math.sign(lot.size) * units;
      if (lot.stopLoss !== null) lot.stopLoss.size = -lot.size;
      if (lot.takeProfit !== null) lot.takeProfit.size = -lot.size;
    }
    this.units = 0;
    this.gross = 0;
    // Summed anew: differences would leave dust behind that looks like a position.
    for (const { size } of this.lots) {
      this.units += size;
      this.gross += Math.abs(size);
    }
  }

  remove(order: WorkingOrder): void {
    order.waiting = false;
    takeOut(this.orders, order);
  }
}
