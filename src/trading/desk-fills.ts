import type { EpochMs, Fill } from '../core/index.ts';
import { type Costs, feeOf, fillPrice } from './costs.ts';
import type { Order } from './order.ts';

/** Market orders wait here and fill whole at the open of their instrument's next bar, with spread, slippage and fee. */
export class FillSimulator {
  readonly #costs: ReadonlyMap<string, Costs>;
  readonly #waiting = new Map<string, Order[]>();

  /** `costs` by instrument; `waiting` continues an interrupted run. */
  constructor(costs: ReadonlyMap<string, Costs>, waiting: readonly Order[] = []) {
    this.#costs = costs;
    for (const order of waiting) this.submit(order);
  }

  submit(order: Order): void {
    const queue = this.#waiting.get(order.instrument);
    if (queue === undefined) this.#waiting.set(order.instrument, [order]);
    else queue.push(order);
  }

  waiting(): readonly Order[] {
    return [...this.#waiting.values()].flat();
  }

  /** Fills what waits for this instrument, oldest first. */
  openBar(
    instrument: string,
    at: EpochMs,
    open: number,
  ): readonly { readonly fill: Fill; readonly order: Order }[] {
    const queue = this.#waiting.get(instrument);
    if (queue === undefined) return [];
    this.#waiting.delete(instrument);
    const costs = this.#costs.get(instrument);
    if (costs === undefined) throw new RangeError(`no costs are known for ${instrument}`);
    return queue.map((order) => {
      const price = fillPrice(order.side, open, costs);
      const fee = feeOf(price, order.quantity, costs);
      const { side, quantity } = order;
      return { order, fill: { order: order.id, at, instrument, side, quantity, price, fee } };
    });
  }
}
