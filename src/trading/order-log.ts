import { createHash } from 'node:crypto';
import type { WorkingOrder } from './working-order.ts';

/** Numbers of one entry, and of a block of whole entries. */
const width = 3;
const room = 2730 * width;
const kinds = { placed: 1, priced: 2, filled: 3, cancelled: 4 } as const;

/**
 * Everything that was ordered, filled and cancelled, in order, as numbers. A run that places the same orders and gets the
 * same fills has the same digest, in any process.
 */
export class OrderLog {
  readonly #full: Float64Array<ArrayBuffer>[] = [];
  #block = new Float64Array(room);
  #length = 0;

  placed(order: WorkingOrder, bar: number): void {
    const { slot, size, limit, stop } = order;
    const { stopLoss, takeProfit, trail, trailingStopLoss } = order.ticket;
    this.#write(kinds.placed, slot, bar, size);
    const distance = trail ?? trailingStopLoss;
    const plain = Number.isNaN(limit) && Number.isNaN(stop) && distance === undefined;
    if (plain && stopLoss === undefined && takeProfit === undefined) return;
    // NaN has many bit patterns; 0 is no price.
    this.#write(kinds.priced, slot, Number.isNaN(limit) ? 0 : limit, Number.isNaN(stop) ? 0 : stop);
    this.#write(kinds.priced, slot, stopLoss ?? 0, takeProfit ?? 0);
    this.#write(kinds.priced, slot, distance ?? 0, 0);
  }

  filled(slot: number, bar: number, size: number, price: number): void {
    this.#write(kinds.filled, slot, bar, size);
    this.#write(kinds.priced, slot, price, 0);
  }

  cancelled(slot: number, bar: number, size: number): void {
    this.#write(kinds.cancelled, slot, bar, size);
  }

  /** SHA-256, hexadecimal, over the numbers so far as 64-bit floats. More may be written afterwards. */
  digest(): string {
    const hash = createHash('sha256');
    for (const block of this.#full) hash.update(new Uint8Array(block.buffer));
    return hash.update(new Uint8Array(this.#block.buffer, 0, this.#length * 8)).digest('hex');
  }

  #write(kind: number, slot: number, one: number, other: number): void {
    if (this.#length === room) {
      this.#full.push(this.#block);
      this.#block = new Float64Array(room);
      this.#length = 0;
    }
    const block = this.#block;
    block[this.#length++] = slot * 8 + kind;
    block[this.#length++] = one;
    block[this.#length++] = other;
  }
}
