import { describe, expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import type { EquityPoint } from '../core/index.ts';
import type { Costs } from '../trading/index.ts';
import { baselineOf, holdCurve, type Market, matchedCurve } from './index.ts';

const hour = 3_600_000;
const free: Costs = { feeBps: 0, spreadBps: 0, slippageBps: 0 };
const paid: Costs = { feeBps: 10, spreadBps: 2, slippageBps: 3 };

const instants = (count: number) => Array.from({ length: count }, (_, slot) => (slot + 1) * hour);
const hold = (markets: readonly Market[], costs: Costs, count: number) =>
  holdCurve(
    1000,
    markets,
    new Map(markets.map(({ instrument }) => [instrument.symbol, costs])),
    instants(count),
  );
const values = (curve: readonly EquityPoint[]) => curve.map(({ equity }) => equity);

function expectValues(curve: readonly EquityPoint[], expected: readonly number[]): void {
  expect(curve).toHaveLength(expected.length);
  expected.forEach((value, slot) => {
    expect(curve[slot]?.equity).toBeCloseTo(value, 9);
  });
}

describe('buy and hold', () => {
  const one = marketOf('A', [
    [100, 110],
    [105, 90],
    [90, 120],
  ]);

  test('one instrument: all of the capital at the first open, marked at the closes', () => {
    // 1000 / 100 = 10 units
    const curve = hold([one], free, 3);
    expectValues(curve, [1100, 900, 1200]);
    expect(curve.map(({ at }) => at)).toEqual(instants(3));
  });

  test('with costs the fee comes out of the capital too', () => {
    // Price 100 × (1 + (1 + 3)/10000) = 100.04, fee 0.10004 a unit: 1000 / 100.14004 = 9.9860155… units
    const units = 1000 / 100.140_04;
    expectValues(hold([one], paid, 3), [110 * units, 90 * units, 120 * units]);
  });

  test('two instruments get equal parts; one that comes later waits in cash, one that rests keeps its last close', () => {
    const late = marketOf('B', [null, [20, 25], null, [30, 40]]);
    // A: 500 / 100 = 5 units; B: 500 / 20 = 25 units from the second hour on
    const curve = hold([one, late], free, 4);
    expectValues(curve, [550 + 500, 450 + 625, 600 + 625, 600 + 1000]);
  });

  test('warm-up bars are not bought', () => {
    const warm = marketOf('A', flatBars([10, 20, 40]), { from: 1 });
    // Bought at 20, at the second instant
    expectValues(hold([warm], free, 3), [1000, 1000, 2000]);
  });

  test('the instants of a run that goes on show no later bar', () => {
    expectValues(hold([one], free, 2), [1100, 900]);
  });
});

describe('at the run’s own exposure', () => {
  const curve = [1100, 990, 1188].map((equity, slot) => ({ at: slot, equity, cash: 0 }));

  test('a share of 0 lies in cash, a share of 1 is holding', () => {
    expect(values(matchedCurve(1000, curve, 0))).toEqual([1000, 1000, 1000]);
    expectValues(matchedCurve(1000, curve, 1), [1100, 990, 1188]);
    expect(matchedCurve(1000, curve, 0.25)[0]).toMatchObject({ at: 0, equity: 1025, cash: 768.75 });
  });

  test('half of it earns half of every step', () => {
    // Steps +10 %, −10 %, +20 % become +5 %, −5 %, +10 %
    expectValues(matchedCurve(1000, curve, 0.5), [1050, 997.5, 1097.25]);
  });

  test('without an instant there is no curve', () => {
    expect(matchedCurve(1000, [], 0.5)).toEqual([]);
  });
});

describe('figures of a baseline', () => {
  test('return, drawdown and a Sharpe ratio like the run’s', () => {
    const day = 24 * hour;
    const markets = [marketOf('A', flatBars([1, 1, 1]), { timeframe: '1d' })];
    const curve = [1100, 990, 1188].map((equity, slot) => ({ at: (slot + 1) * day, equity, cash: 0 }));
    const baseline = baselineOf(1000, curve, markets);
    expect(baseline.returnPct).toBeCloseTo(18.8, 10);
    expect(baseline.maxDrawdownPct).toBeCloseTo(10, 10);
    // As in the metrics' table: 0.0666667 / 0.1527525 × √365
    expect(baseline.sharpe).toBeCloseTo(8.338_093_878_3, 9);
  });

  test('nothing happened', () => {
    expect(baselineOf(1000, [], [])).toEqual({ returnPct: 0, sharpe: null, maxDrawdownPct: 0 });
  });
});
