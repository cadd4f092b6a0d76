import { describe, expect, test } from 'vitest';
import { accountOf, capital, limits, orderOf } from '../../test/orders.ts';
import { seriesOf } from '../../test/simulated-bars.ts';
import { OrreryError } from '../core/index.ts';
import { type Approved, type Costs, costsFor, createSimulatedBroker, Guard, type Order } from './index.ts';

const order = orderOf({ quantity: 3, stop: 98 });
/** The bar that an order was decided on, and the next one, which opens at 200. */
const series = seriesOf([
  [100, 100, 100, 100],
  [200, 200, 200, 200],
]);
const at = (index: number) => [{ instrument: 'A', series, index }];

function approved(given: Order = order): Approved<Order> {
  const review = new Guard({ ...limits, positionPct: 100 }, capital).review(given, accountOf(), 'crypto');
  if (review.kind === 'refused') throw new Error(review.reason);
  return review.order;
}

function openBroker(costs: Costs = costsFor('crypto', {})) {
  const broker = createSimulatedBroker(new Map([['A', costs]]), capital);
  broker.advance(at(0));
  return broker;
}

describe('a broker', () => {
  test('takes what the guard approved and fills it at the next open, once', () => {
    const broker = openBroker();
    broker.submit(approved());
    expect(broker.waiting()).toEqual([order]);
    const [filled] = broker.advance(at(1));
    expect(filled).toMatchObject({ stop: 98, own: null });
    expect(filled?.fill).toMatchObject({ order: order.id, at: series.openTime[1], side: 'BUY', quantity: 3 });
    expect(broker.waiting()).toEqual([]);
  });

  test('of an instrument nobody gave costs for is a fault, not a free trade', () => {
    expect(() => openBroker().submit(approved(orderOf({ instrument: 'C', stop: 98 })))).toThrow(RangeError);
  });

  // What the type says is not asked here: these are the orders of code that cheats.
  test.each<readonly [string, () => Order]>([
    ['never reviewed', () => order],
    ['a copy of an approved one', () => ({ ...approved() })],
    ['a larger copy', () => ({ ...approved(), quantity: 1e9 })],
    ['one that inherits from an approved one', () => Object.create(approved()) as Order],
    ['one that went through JSON', () => JSON.parse(JSON.stringify(approved())) as Order],
  ])('refuses a forged order: %s', (_, forge) => {
    const broker = openBroker();
    let thrown: unknown;
    try {
      broker.submit(forge() as Approved<Order>);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OrreryError);
    expect(thrown).toMatchObject({ code: 'order-forged', exitCode: 1, retryable: false });
    expect(broker.waiting()).toEqual([]);
  });

  test('an approved order is frozen, and the request it came from stays as it was', () => {
    const passed = approved();
    expect(Object.isFrozen(passed)).toBe(true);
    expect(() => Object.assign(passed, { quantity: 1e9 })).toThrow(TypeError);
    expect(passed).not.toBe(order);
    expect(Object.isFrozen(order)).toBe(false);
  });
});

describe('what a fill costs', () => {
  // price = open × (1 ± (spreadBps / 2 + slippageBps) / 10000), fee = price × quantity × feeBps / 10000; the open is 200
  test.each([
    // 5/2/0: 200 × (1 + 1/10000) = 200.02; 200.02 × 50 × 5/10000 = 10001 × 0.0005
    ['equity by default', costsFor('equity', {}), 'BUY', 50, 200.02, 5.0005],
    ['equity by default', costsFor('equity', {}), 'SELL', 50, 199.98, 4.9995],
    // 10/2/0: 199.98 × 0.5 × 10/10000
    ['crypto by default', costsFor('crypto', {}), 'SELL', 0.5, 199.98, 0.099_99],
    // 20/10/5: 200 × (1 + (5 + 5)/10000) = 200.2; 200.2 × 3 × 20/10000 = 600.6 × 0.002
    [
      'all written',
      costsFor('crypto', { feeBps: 20, spreadBps: 10, slippageBps: 5 }),
      'BUY',
      3,
      200.2,
      1.2012,
    ],
    // Spread and slippage of a third of the price each add up: 200 × (1 + 0.5 + 0.5)
    ['as the sum of both', { feeBps: 0, spreadBps: 10_000, slippageBps: 5_000 }, 'BUY', 3, 400, 0],
    // The spread falls to the default 2, the fee is written away: 200 × (1 − (1 + 4)/10000) = 199.9
    ['slippage written, fee 0', costsFor('equity', { feeBps: 0, slippageBps: 4 }), 'SELL', 3, 199.9, 0],
    ['everything free', { feeBps: 0, spreadBps: 0, slippageBps: 0 }, 'BUY', 3, 200, 0],
  ] as const)('%s: %o %s %d fills at %d for %d', (_, costs, side, quantity, price, fee) => {
    const broker = openBroker(costs);
    broker.submit(approved(orderOf({ side, quantity, stop: side === 'BUY' ? 98 : 102 })));
    // A short one is stopped out at once by an open at twice the price: the entry is what is looked at.
    const fill = broker.advance(at(1))[0]?.fill;
    expect(fill).toMatchObject({ order: 'r.1.order', instrument: 'A', side, quantity });
    expect(fill?.price).toBeCloseTo(price, 10);
    expect(fill?.fee).toBeCloseTo(fee, 10);
  });
});
