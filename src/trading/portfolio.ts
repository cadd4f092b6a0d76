import type { Fill, Position, Trade } from '../core/index.ts';

/** What an account holds, as plain data: enough to go on from. */
export interface PortfolioState {
  readonly cash: number;
  readonly fees: number;
  readonly positions: readonly Position[];
  readonly marks: readonly (readonly [instrument: string, price: number])[];
}

/** Relative: what sums of doubles leave behind is no position. */
const dust = 1e-12;

/**
 * One account with one net position per instrument. Equity = cash + Σ signed quantity × last price.
 * Cash changes only by fills: −signed quantity × price − fee.
 */
export class Portfolio {
  #cash: number;
  #fees = 0;
  readonly #positions = new Map<string, Position>();
  readonly #marks = new Map<string, number>();

  constructor(start: number | PortfolioState) {
    if (typeof start === 'number') {
      this.#cash = start;
      return;
    }
    this.#cash = start.cash;
    this.#fees = start.fees;
    for (const position of start.positions) this.#positions.set(position.instrument, position);
    for (const [instrument, price] of start.marks) this.#marks.set(instrument, price);
  }

  get cash(): number {
    return this.#cash;
  }

  /** Fees of all fills so far. */
  get fees(): number {
    return this.#fees;
  }

  get equity(): number {
    return this.#cash + this.positionsValue;
  }

  /** Signed value of all open positions at their last prices. */
  get positionsValue(): number {
    let value = 0;
    for (const position of this.#positions.values())
      value += position.quantity * this.markOf(position.instrument);
    return value;
  }

  position(instrument: string): Position | null {
    return this.#positions.get(instrument) ?? null;
  }

  positions(): readonly Position[] {
    return [...this.#positions.values()];
  }

  /** Last known price of an instrument; its entry price before the first mark. */
  markOf(instrument: string): number {
    return this.#marks.get(instrument) ?? this.#positions.get(instrument)?.entry ?? 0;
  }

  mark(instrument: string, price: number): void {
    this.#marks.set(instrument, price);
  }

  /**
   * Books a fill. An opposite fill closes first and opens with what is left; entry fees follow the units they were paid
   * for. `stop` protects what this fill opens.
   * @returns the round trip it closed, if any.
   */
  apply(fill: Fill, stop: number | null): Trade | null {
    const signed = fill.side === 'BUY' ? fill.quantity : -fill.quantity;
    this.#cash -= signed * fill.price + fill.fee;
    this.#fees += fill.fee;
    const held = this.#positions.get(fill.instrument) ?? null;
    if (held === null || Math.sign(held.quantity) === Math.sign(signed)) {
      this.#extend(held, fill, signed, fill.fee, stop);
      return null;
    }
    return this.#close(held, fill, signed, stop);
  }

  state(): PortfolioState {
    return { cash: this.#cash, fees: this.#fees, positions: this.positions(), marks: [...this.#marks] };
  }

  #extend(held: Position | null, fill: Fill, signed: number, fee: number, stop: number | null): void {
    const quantity = (held?.quantity ?? 0) + signed;
    const paid = held === null ? 0 : held.entry * held.quantity;
    this.#positions.set(fill.instrument, {
      instrument: fill.instrument,
      quantity,
      entry: held === null ? fill.price : (paid + fill.price * signed) / quantity,
      openedAt: held?.openedAt ?? fill.at,
      stop: stop ?? held?.stop ?? null,
      fees: (held?.fees ?? 0) + fee,
      openedBy: held?.openedBy ?? fill.order,
    });
  }

  #close(held: Position, fill: Fill, signed: number, stop: number | null): Trade {
    const heldUnits = Math.abs(held.quantity);
    const whole = Math.abs(heldUnits - fill.quantity) <= dust * heldUnits;
    const closed = whole ? heldUnits : Math.min(heldUnits, fill.quantity);
    const entryFees = held.fees * (closed / heldUnits);
    const exitFees = whole ? fill.fee : fill.fee * (closed / fill.quantity);
    const direction = Math.sign(held.quantity);
    const fees = entryFees + exitFees;
    const pnl = direction * (fill.price - held.entry) * closed - fees;
    this.#positions.delete(fill.instrument);
    if (closed < heldUnits) {
      this.#positions.set(fill.instrument, {
        ...held,
        quantity: held.quantity + signed,
        fees: held.fees - entryFees,
      });
    } else if (!whole) {
      const rest = Math.sign(signed) * (fill.quantity - closed);
      this.#extend(null, fill, rest, fill.fee - exitFees, stop);
    }
    return {
      instrument: fill.instrument,
      side: direction > 0 ? 'LONG' : 'SHORT',
      quantity: closed,
      openedAt: held.openedAt,
      closedAt: fill.at,
      entry: held.entry,
      exit: fill.price,
      pnl,
      fees,
      returnPct: (pnl / (held.entry * closed)) * 100,
      openedBy: held.openedBy,
      closedBy: fill.order,
    };
  }
}
