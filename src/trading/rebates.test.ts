import { describe, expect, test } from 'vitest';
import { afterBar, type SimulatedBar, simulate } from '../../test/simulated-bars.ts';
import { compatible, type FeeTerms, honest, noFees } from './index.ts';
import { feeFor } from './terms.ts';

const bars: readonly SimulatedBar[] = [100, 100, 100, 100].map((price) => [price, price, price, price]);

/** Ten units in at bar 1 and out at bar 2, at 100 each way. */
function roundTrip(fees: FeeTerms, conventions = honest) {
  return simulate(
    bars,
    (simulator, bar) => {
      if (bar === 0) simulator.place(0, { size: 10 });
      if (bar === 1) for (const lot of simulator.account.books[0]!.lots) simulator.close(lot);
    },
    { fees },
    { conventions },
  );
}

describe.each([
  ['by default', honest],
  ['in compatibility', compatible],
])('a negative commission is credited, %s', (_, conventions) => {
  const rebate: FeeTerms = { ...noFees, taker: -0.001, maker: -0.001 };

  test('on both sides, in cash, in fees and in the trade', () => {
    const { simulator, cash, fills } = roundTrip(rebate, conventions);
    // Twice 1,000 traded, a thousandth of each.
    expect(cash).toBeCloseTo(10_002, 9);
    expect(simulator.account.fees).toBeCloseTo(-2, 9);
    expect(fills.map(({ fee }) => fee)).toEqual([-1, -1]);
    expect(simulator.closed[0]?.fees).toBeCloseTo(-2, 9);
    expect(simulator.closed[0]?.pnl).toBeCloseTo(2, 9);
  });

  test('a share of the account buys no more than the account can pay', () => {
    const { simulator } = simulate(
      bars,
      afterBar(0, (one) => one.place(0, { size: 1 - 2 ** -52, of: 'account' })),
      { fees: rebate },
      { conventions },
    );
    const { account } = simulator;
    expect(account.books[0]!.units).toBe(100);
    expect(account.cash).toBeCloseTo(10, 9);
  });
});

test('only who waited at a limit is credited where the maker is', () => {
  const fees = { ...noFees, taker: 0.001, maker: -0.0005 };
  const { fills } = simulate(
    [
      [100, 100, 100, 100],
      [100, 101, 98, 100],
      [100, 100, 100, 100],
    ],
    (simulator, bar) => {
      if (bar === 0) simulator.place(0, { size: 10, limit: 99 });
      if (bar === 1) for (const lot of simulator.account.books[0]!.lots) simulator.close(lot);
    },
    { fees },
  );
  expect(fills.map(({ fee }) => fee)).toEqual([-0.495, 1]);
});

test.each([
  ['none', 0, -1],
  ['one', 0.5, 0.5],
])('a minimum that is %s', (_, minimum, fee) => {
  expect(feeFor({ ...noFees, taker: -0.001, minimum }, 10, 100, false, 0)).toBe(fee);
});
