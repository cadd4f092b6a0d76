import { describe, expect, test } from 'vitest';
import { accountOf, capital, limits, orderOf } from '../../test/orders.ts';
import { OrreryError } from '../core/index.ts';
import { type Approved, costsFor, createSimulatedBroker, FillSimulator, Guard, type Order } from './index.ts';

const order = orderOf({ quantity: 3, stop: 98 });

function approved(): Approved<Order> {
  const review = new Guard(limits, capital).review(order, accountOf(), 'crypto');
  if (review.kind === 'refused') throw new Error(review.reason);
  return review.order;
}

function openBroker() {
  return createSimulatedBroker(new FillSimulator(new Map([['A', costsFor('crypto', {})]])));
}

describe('a broker', () => {
  test('takes what the guard approved and fills it at the next open', () => {
    const broker = openBroker();
    const passed = approved();
    broker.submit(passed);
    expect(broker.waiting()).toEqual([order]);
    const [filled] = broker.openBar('A', 60, 200);
    expect(filled?.order).toBe(passed);
    expect(filled?.fill).toMatchObject({ order: order.id, at: 60, side: 'BUY', quantity: 3 });
    expect(broker.waiting()).toEqual([]);
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
