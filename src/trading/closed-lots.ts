import type { ClosedLot } from './lot.ts';

/** Numbers of one lot, in the order of its row. */
const row = 11;

/**
 * Lots as they were closed, as numbers side by side: a long test closes hundreds of thousands, and an object each would
 * cost more than closing them.
 */
export class ClosedLots {
  length = 0;
  #numbers = new Float64Array(64 * row);
  readonly #openedBy: string[] = [];
  readonly #closedBy: string[] = [];
  #made: readonly ClosedLot[] | null = null;

  add(lot: ClosedLot): void {
    if ((this.length + 1) * row > this.#numbers.length) {
      const roomier = new Float64Array(2 * this.#numbers.length);
      roomier.set(this.#numbers);
      this.#numbers = roomier;
    }
    const numbers = this.#numbers;
    let at = this.length++ * row;
    numbers[at++] = lot.slot;
    numbers[at++] = lot.size;
    numbers[at++] = lot.entryBar;
    numbers[at++] = lot.exitBar;
    numbers[at++] = lot.entryPrice;
    numbers[at++] = lot.exitPrice;
    numbers[at++] = lot.fees;
    numbers[at++] = lot.pnl;
    numbers[at++] = lot.returnFraction;
    numbers[at++] = lot.stopLoss;
    numbers[at] = lot.takeProfit;
    this.#openedBy.push(lot.openedBy);
    this.#closedBy.push(lot.closedBy);
  }

  /** What each brought, after fees. */
  pnl(): Float64Array {
    const column = new Float64Array(this.length);
    for (let lot = 0; lot < this.length; lot++) column[lot] = this.#numbers[lot * row + 7]!;
    return column;
  }

  /** All of them, made once. */
  list(): readonly ClosedLot[] {
    if (this.#made?.length !== this.length) {
      this.#made = Array.from({ length: this.length }, (_, lot) => this.#make(lot));
    }
    return this.#made;
  }

  #make(lot: number): ClosedLot {
    const numbers = this.#numbers;
    const from = lot * row;
    return {
      slot: numbers[from]!,
      size: numbers[from + 1]!,
      entryBar: numbers[from + 2]!,
      exitBar: numbers[from + 3]!,
      entryPrice: numbers[from + 4]!,
      exitPrice: numbers[from + 5]!,
      fees: numbers[from + 6]!,
      pnl: numbers[from + 7]!,
      returnFraction: numbers[from + 8]!,
      stopLoss: numbers[from + 9]!,
      takeProfit: numbers[from + 10]!,
      openedBy: this.#openedBy[lot]!,
      closedBy: this.#closedBy[lot]!,
    };
  }
}
