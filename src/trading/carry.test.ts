import { describe, expect, test } from 'vitest';
import { afterBar, type SimulatedBar, simulate } from '../../test/simulated-bars.ts';
import type { CorporateAction } from '../core/index.ts';
import { type freeTerms, noFees } from './index.ts';

const start = Date.UTC(2024, 0, 1);
const dayMs = 86_400_000;
const at = (price: number): SimulatedBar => [price, price + 1, price - 1, price];

/** Daily bars at these prices; 10 units (short when negative) are bought at the second open. */
function hold(units: number, prices: readonly number[], terms: Partial<typeof freeTerms>) {
  return simulate(
    prices.map(at),
    afterBar(0, (simulator) => simulator.place(0, { size: units })),
    terms,
    { intervalMs: dayMs },
  );
}

describe('what holding costs and brings', () => {
  test('a dividend goes to who held over the last close, and not to who buys that day', () => {
    // Bought at 100 on day 1. Ex on day 1: nothing. Ex on day 3: 10 × 0.50 = 5.
    const actions: readonly CorporateAction[] = [
      { kind: 'dividend', at: start + dayMs, amount: 9 },
      { kind: 'dividend', at: start + 3 * dayMs, amount: 0.5 },
    ];
    const { cash, equity, simulator } = hold(10, [100, 100, 102, 101, 101], { actions });
    expect(simulator.account.dividends).toBe(5);
    expect(cash).toBe(10_000 - 1_000 + 5);
    expect(equity).toBe(9_005 + 1_010);
  });

  test('a short position pays it', () => {
    const actions: readonly CorporateAction[] = [{ kind: 'dividend', at: start + 2 * dayMs, amount: 0.5 }];
    expect(hold(-10, [100, 100, 100], { actions }).cash).toBe(10_000 + 1_000 - 5);
  });

  test('a 4:1 split changes units, entry, stops and targets, and not the equity', () => {
    // 10 at 400 become 40 at 100. The stop at 360 becomes 90, and 89 on day 4 reaches it: 40 × (90 − 100) = −400.
    const actions: readonly CorporateAction[] = [{ kind: 'split', at: start + 3 * dayMs, ratio: 4 }];
    const bars: readonly SimulatedBar[] = [at(400), at(400), at(400), [100, 101, 99, 100], [95, 96, 89, 90]];
    const { told, equity, simulator } = simulate(
      bars,
      afterBar(0, (own) => own.place(0, { size: 10, stopLoss: 360, takeProfit: 600 })),
      { actions },
      { intervalMs: dayMs },
    );
    expect(told).toEqual(['+10@400 in 1', '-40@90 in 4']);
    expect(equity).toBe(9_600);
    expect(simulator.closed[0]).toMatchObject({ entryPrice: 100, size: 40, pnl: -400, takeProfit: 150 });
  });

  test('a split that an order waited over changes the order', () => {
    const actions: readonly CorporateAction[] = [{ kind: 'split', at: start + 2 * dayMs, ratio: 4 }];
    const bars: readonly SimulatedBar[] = [at(400), at(400), [100, 101, 90, 95]];
    const { told } = simulate(
      bars,
      afterBar(0, (own) => own.place(0, { size: 10, limit: 380 })),
      { actions },
      { intervalMs: dayMs },
    );
    expect(told).toEqual(['+40@95 in 2']);
  });

  test('funding is paid by longs on the open, for what was held before it', () => {
    // Rates of 0.1 % at days 1 (bought only then), 2 and 3: 10 × 110 × 0.001 + 10 × 120 × 0.001 = 2.3.
    const funding = [1, 2, 3].map((day) => ({ at: start + day * dayMs, rate: 0.001 }));
    const { simulator, cash } = hold(10, [100, 100, 110, 120], { funding });
    expect(simulator.account.funding).toBeCloseTo(2.3, 12);
    expect(cash).toBeCloseTo(9_000 - 2.3, 9);
    expect(hold(-10, [100, 100, 110, 120], { funding }).simulator.account.funding).toBeCloseTo(-2.3, 12);
  });

  test('borrowing costs a short position its rate on the last close', () => {
    // Sold on day 1: 10 × 100 over a day and 10 × 110 over the next, at 36.5 % a year = 0.1 % a day: 1 + 1.1.
    const { simulator, cash } = hold(-10, [100, 100, 110, 120], { borrowPerYear: 0.365 });
    expect(simulator.account.borrow).toBeCloseTo(2.1, 12);
    expect(cash).toBeCloseTo(11_000 - 2.1, 9);
    expect(hold(10, [100, 100, 110, 120], { borrowPerYear: 0.365 }).simulator.account.borrow).toBe(0);
  });
});

describe('liquidation', () => {
  const leveraged = { initialMargin: 0.1, maintenanceMargin: 0.05 };
  const all = { size: 1, of: 'account' as const };

  test('takes a long at the price that leaves the maintenance margin', () => {
    // 1000 units at 100 on 10,000: cash −90,000. −90,000 + 1000 P = 0.05 × 1000 P at P = 90,000 / 950 = 94.7368…
    const { told, simulator } = simulate(
      [at(100), at(100), [98, 99, 90, 95], at(95)],
      afterBar(0, (own) => own.place(0, all)),
      leveraged,
    );
    expect(told).toEqual(['+1000@100 in 1', '-1000@94.7368421053 in 2']);
    expect(simulator.closed[0]!.closedBy).toBe('liquidation');
    expect(simulator.account.equity).toBeCloseTo(10_000 - 1_000 * (100 - 90_000 / 950), 8);
  });

  test('takes a short at the price above', () => {
    // Cash 110,000. 110,000 − 1000 P = 0.05 × 1000 P at P = 110,000 / 1050 = 104.7619…
    const { told } = simulate(
      [at(100), at(100), [102, 110, 101, 105]],
      afterBar(0, (own) => own.place(0, { ...all, size: -1 })),
      leveraged,
    );
    expect(told).toEqual(['-1000@100 in 1', '+1000@104.761904762 in 2']);
  });

  test('at the open where that has gapped past it, and then money may be owed', () => {
    const { told, equity } = simulate(
      [at(100), at(100), [85, 86, 84, 85]],
      afterBar(0, (own) => own.place(0, all)),
      leveraged,
    );
    expect(told).toEqual(['+1000@100 in 1', '-1000@85 in 2']);
    expect(equity).toBe(-5_000);
  });

  test('takes what was entered inside the same bar, too', () => {
    // Bought at 95 with 10,000 of a fiftieth: 5,263 units. The low of 60 is far beyond what they can bear.
    const { told } = simulate(
      [at(100), [100, 101, 60, 100]],
      afterBar(0, (own) => own.place(0, { ...all, limit: 95 })),
      { initialMargin: 0.02, maintenanceMargin: 0.01 },
    );
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^-5263@9[0-4]\.\d+ in 1$/);
  });

  test('comes after a stop-loss that lies before it', () => {
    const { told } = simulate(
      [at(100), at(100), [98, 99, 90, 95]],
      afterBar(0, (own) => own.place(0, { ...all, stopLoss: 96 })),
      leveraged,
    );
    expect(told).toEqual(['+1000@100 in 1', '-1000@96 in 2']);
  });

  test('never happens to a long position that is paid for', () => {
    const { told } = simulate(
      [at(100), at(100), [50, 50, 1, 2]],
      afterBar(0, (own) => own.place(0, all)),
    );
    expect(told).toEqual(['+100@100 in 1']);
  });
});

describe('fees and slippage', () => {
  const buy = (terms: Partial<typeof freeTerms>, ticket = { size: 10 }) =>
    simulate(
      [at(100), [100, 101, 95, 100, 1_000]],
      afterBar(0, (own) => own.place(0, ticket)),
      terms,
    ).fills[0]!;

  test.each<readonly [string, Partial<typeof freeTerms>, number, number]>([
    ['none', {}, 100, 0],
    ['taker 0.1 %: 1000 × 0.001', { fees: { ...noFees, taker: 0.001, maker: 0.5 } }, 100, 1],
    ['fixed 2, 0.01 a unit: 2 + 0.1', { fees: { ...noFees, fixed: 2, perUnit: 0.01 } }, 100, 2.1],
    ['at least 5', { fees: { ...noFees, taker: 0.001, minimum: 5 } }, 100, 5],
    ['half the spread: 100 × 1.001', { spread: 0.002 }, 100.1, 0],
    ['0.2 a unit', { slippage: { kind: 'fixed', perUnit: 0.2 } }, 100.2, 0],
    ['0.1 %', { slippage: { kind: 'fraction', fraction: 0.001 } }, 100.1, 0],
    // 10 of 1000 units: 100 × (1 + 0.5 × 0.01²)
    ['a share of the volume, squared', { slippage: { kind: 'volume-share', impact: 0.5 } }, 100.005, 0],
  ])('%s', (_, terms, price, fee) => {
    const fill = buy(terms);
    expect(fill.price).toBeCloseTo(price, 10);
    expect(fill.fee).toBeCloseTo(fee, 10);
  });

  test('a limit order that waited pays the maker, and no spread', () => {
    const terms = { spread: 0.01, fees: { ...noFees, taker: 0.5, maker: 0.001 } };
    expect(buy(terms, { size: 10, limit: 98 } as { size: number })).toMatchObject({ price: 98, fee: 0.98 });
  });

  test('a schedule: the fraction falls once enough has been traded', () => {
    const fees = { ...noFees, taker: 0.01, tiers: [{ tradedFrom: 1_500, taker: 0.001, maker: 0 }] };
    const { fills } = simulate([at(100), at(100), at(100), at(100)], (own) => own.place(0, { size: 10 }), {
      fees,
    });
    // 1000 and then 2000 traded before the third: 10, 10, 1.
    expect(fills.map(({ fee }) => fee)).toEqual([10, 10, 1]);
  });
});
