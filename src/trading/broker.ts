import type { EpochMs, Fill } from '../core/index.ts';
import { OrreryError } from '../core/index.ts';
import type { FillSimulator } from './fill-simulator.ts';
import { takeApproval } from './guard.ts';
import type { Approved, Order } from './order.ts';

/** Where approved orders go. Takes nothing that has not passed the guard. */
export interface Broker {
  /** @throws OrreryError `order-forged` for an order the guard did not approve, or that was submitted before. */
  submit(order: Approved<Order>): void;
  /** The bar of `instrument` that opens now: what fills at its open. */
  openBar(
    instrument: string,
    at: EpochMs,
    open: number,
  ): readonly { readonly fill: Fill; readonly order: Order }[];
  /** Orders that have not filled yet. */
  waiting(): readonly Order[];
}

export function createSimulatedBroker(simulator: FillSimulator): Broker {
  return {
    submit(order) {
      if (!takeApproval(order)) {
        throw new OrreryError('order-forged', `order ${order.id} did not pass the guard`, {
          hint: 'Orders reach a broker only through Guard.review.',
        });
      }
      simulator.submit(order);
    },
    openBar: (instrument, at, open) => simulator.openBar(instrument, at, open),
    waiting: () => simulator.waiting(),
  };
}
