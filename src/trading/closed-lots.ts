import type { ClosedLot } from './lot.ts';

/** Numbers of one lot, in the order of its row. */
const row = 11;
/** Of a block: few enough that memory of earlier tests is used again. */
const rows = 512;

/**
 * Lots as they were closed, as numbers side by side: a long test closes hundreds of thousands, and an object each would
 * cost more than closing them.
 */
export class ClosedLots {
  length = 0;
  readonly #blocks: Float64Array[] = [];
  readonly #openedBy: string[] = [];
  readonly #closedBy: string[] = [];
  #made: readonly ClosedLot[] | null = null;

  add(lot: ClosedLot): void {
    let at = (this.length % rows) * row;
    if (at === 0) this.#blocks.push(new Float64Array(rows * row));
    const numbers = this.#blocks[this.#blocks.length - 1]!;
    this.length++;
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
    for (let lot = 0; lot < this.length; lot++)
      column[lot] = this.#blocks[Math.floor(lot / rows)]![(lot % rows) * row + 7]!;
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
    const numbers = this.#blocks[Math.floor(lot / rows)]!;
    const from = (lot % rows) * row;
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
