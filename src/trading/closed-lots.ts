import type { ClosedLot, Lot } from './lot.ts';

/** The exit of a lot or a part of it: `units` are above 0, `price` and `fee` as paid, `by` what closed it. */
export interface Exit {
  readonly units: number;
  readonly price: number;
  readonly fee: number;
  readonly bar: number;
  readonly by: string;
}

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

  /** @param size of what is closed, signed as it was held; `fees` are of both its sides. */
  add(lot: Lot, { units, price, bar, by }: Exit, size: number, fees: number): void {
    let at = (this.length % rows) * row;
    if (at === 0) this.#blocks.push(new Float64Array(rows * row));
    const numbers = this.#blocks[this.#blocks.length - 1]!;
    const { entryPrice } = lot;
    const whole = size === lot.size;
    this.length++;
    numbers[at++] = lot.slot;
    numbers[at++] = size;
    numbers[at++] = lot.entryBar;
    numbers[at++] = bar;
    numbers[at++] = entryPrice;
    numbers[at++] = price;
    numbers[at++] = fees;
    numbers[at++] = size * (price - entryPrice) - fees;
    numbers[at++] = Math.sign(size) * (price / entryPrice - 1) - fees / (units * entryPrice);
    numbers[at++] = whole && lot.stopLoss !== null ? lot.stopLoss.protects : Number.NaN;
    numbers[at] = whole && lot.takeProfit !== null ? lot.takeProfit.limit : Number.NaN;
    this.#openedBy.push(lot.openedBy);
    this.#closedBy.push(by);
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
