import { describe, expect, test } from 'vitest';
import { orderOf } from '../../test/orders.ts';
import { type Costs, costsFor, FillSimulator, type Order } from './index.ts';

function fillOf(costs: Costs, side: Order['side'], quantity: number, open: number) {
  const simulator = new FillSimulator(new Map([['A', costs]]));
  simulator.submit(orderOf({ side, quantity }));
  const [filled] = simulator.openBar('A', 7, open);
  return filled?.fill;
}

describe('what a fill costs', () => {
  // price = open × (1 ± (spreadBps / 2 + slippageBps) / 10000), fee = price × quantity × feeBps / 10000
  test.each([
    // 5/2/0: 100 × (1 + 1/10000) = 100.01; 100.01 × 50 × 5/10000 = 5000.5 × 0.0005
    ['equity by default', costsFor('equity', {}), 'BUY', 50, 100, 100.01, 2.500_25],
    ['equity by default', costsFor('equity', {}), 'SELL', 50, 100, 99.99, 2.499_75],
    // 10/2/0: 20000 × (1 − 1/10000) = 19998; 19998 × 0.5 × 10/10000 = 9999 × 0.001
    ['crypto by default', costsFor('crypto', {}), 'SELL', 0.5, 20_000, 19_998, 9.999],
    ['crypto by default', costsFor('crypto', {}), 'BUY', 0.5, 20_000, 20_002, 10.001],
    // 20/10/5: 200 × (1 + (5 + 5)/10000) = 200.2; 200.2 × 3 × 20/10000 = 600.6 × 0.002
    [
      'all written',
      costsFor('crypto', { feeBps: 20, spreadBps: 10, slippageBps: 5 }),
      'BUY',
      3,
      200,
      200.2,
      1.2012,
    ],
    // The spread falls to the default 2, the fee is written away: 200 × (1 − (1 + 4)/10000) = 199.9
    ['slippage written, fee 0', costsFor('equity', { feeBps: 0, slippageBps: 4 }), 'SELL', 3, 200, 199.9, 0],
    [
      'everything free',
      costsFor('equity', { feeBps: 0, spreadBps: 0, slippageBps: 0 }),
      'BUY',
      3,
      200,
      200,
      0,
    ],
  ] as const)('%s: %o %s %d at %d fills at %d for %d', (_, costs, side, quantity, open, price, fee) => {
    const fill = fillOf(costs, side, quantity, open);
    expect(fill).toMatchObject({ order: 'r.1.order', instrument: 'A', at: 7, side, quantity });
    expect(fill?.price).toBeCloseTo(price, 10);
    expect(fill?.fee).toBeCloseTo(fee, 10);
  });
});

describe('what waits', () => {
  const costs = new Map(['A', 'B'].map((symbol) => [symbol, costsFor('crypto', {})]));
  const ids = (filled: readonly { readonly fill: { readonly order: string } }[]) =>
    filled.map(({ fill }) => fill.order);

  test('fills at the open of its own instrument only, oldest first, and once', () => {
    const simulator = new FillSimulator(costs);
    for (const [id, instrument] of [
      ['1', 'A'],
      ['2', 'B'],
      ['3', 'A'],
    ] as const) {
      simulator.submit(orderOf({ id, instrument }));
    }
    expect(ids(simulator.openBar('A', 1, 100))).toEqual(['1', '3']);
    expect(simulator.waiting().map(({ id }) => id)).toEqual(['2']);
    expect(simulator.openBar('A', 2, 100)).toEqual([]);
    expect(ids(simulator.openBar('B', 2, 100))).toEqual(['2']);
    expect(simulator.waiting()).toEqual([]);
  });

  test('goes on in a new simulator as if nothing had happened', () => {
    const simulator = new FillSimulator(costs);
    simulator.submit(orderOf({ id: '1', stop: 90 }));
    simulator.submit(orderOf({ id: '2', side: 'SELL', instrument: 'B' }));
    const restored = new FillSimulator(costs, JSON.parse(JSON.stringify(simulator.waiting())));
    for (const symbol of ['A', 'B']) {
      expect(restored.openBar(symbol, 5, 99)).toEqual(simulator.openBar(symbol, 5, 99));
    }
  });

  test('an instrument nobody gave costs for is a fault, not a free trade', () => {
    const simulator = new FillSimulator(costs);
    simulator.submit(orderOf({ instrument: 'C' }));
    expect(() => simulator.openBar('C', 1, 100)).toThrow(RangeError);
  });
});
