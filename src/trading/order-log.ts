import { createHash, type Hash } from 'node:crypto';
import type { WorkingOrder } from './working-order.ts';

const room = 8192;

/**
 * The hash of everything that was ordered, filled and cancelled, in order. A run that places the same orders and gets the
 * same fills has the same hash, in any process; nothing but the numbers of the current block is kept.
 */
export class OrderLog {
  readonly #hash: Hash = createHash('sha256');
  readonly #block = new Float64Array(room);
  #length = 0;

  placed(order: WorkingOrder, bar: number): void {
    const { slot, size, limit, stop } = order;
    const { stopLoss, takeProfit, trail, trailingStopLoss } = order.ticket;
    this.#write(1, slot, bar, size, limit, stop);
    if (stopLoss === undefined && takeProfit === undefined && (trail ?? trailingStopLoss) === undefined)
      return;
    this.#write(4, slot, stopLoss ?? 0, takeProfit ?? 0, trail ?? 0, trailingStopLoss ?? 0);
  }

  filled(slot: number, bar: number, size: number, price: number, fee: number): void {
    this.#write(2, slot, bar, size, price, fee);
  }

  cancelled(slot: number, bar: number, size: number): void {
    this.#write(3, slot, bar, size, 0, 0);
  }

  /** SHA-256, hexadecimal, over the numbers so far as 64-bit floats. More may be written afterwards. */
  digest(): string {
    return this.#hash.copy().update(this.#bytes()).digest('hex');
  }

  #write(kind: number, slot: number, bar: number, a: number, b: number, c: number): void {
    if (this.#length + 6 > room) {
      this.#hash.update(this.#bytes());
      this.#length = 0;
    }
    const block = this.#block;
    let at = this.#length;
    block[at++] = kind;
    block[at++] = slot;
    block[at++] = bar;
    block[at++] = a;
    // NaN has many bit patterns; 0 is no price.
    block[at++] = Number.isNaN(b) ? 0 : b;
    block[at++] = Number.isNaN(c) ? 0 : c;
    this.#length = at;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#block.buffer, 0, this.#length * 8);
  }
}
