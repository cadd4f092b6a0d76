import { describe, expect, test } from 'vitest';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import { freeTerms, honest, noFees, type Terms } from '../trading/index.ts';
import { type BacktestSettings, backtest, defineStrategy, honestyOf } from './index.ts';

const dayMs = 86_400_000;
const volume = 1_000;

/** A price that never moves: whatever is lost are costs. */
const still: readonly SimulatedBar[] = Array.from({ length: 60 }, () => [100, 100, 100, 100, volume]);
const series = seriesOf(still, dayMs);
const instrument = {
  symbol: 'A',
  assetClass: 'crypto',
  currency: 'USD',
  timeframe: '1d',
  adjusted: null,
} as const;

/** Buys once and sells once: everything, or so many units. */
const roundTrip = (size?: number) =>
  defineStrategy({
    next({ index, buy, close }) {
      if (index === 10) buy(size === undefined ? {} : { size });
      if (index === 20) close();
    },
  });

function judge(terms: Partial<Terms>, size?: number) {
  const settings: BacktestSettings = {
    cash: 10_000,
    conventions: honest,
    terms: new Map([['A', { ...freeTerms, lotSize: 1e-6, ...terms }]]),
    ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
  };
  const strategy = roundTrip(size);
  const result = backtest(strategy, {}, [{ instrument, series, from: 0, to: series.length }], settings);
  const returnPct = (result.equity.at(-1)! / 10_000 - 1) * 100;
  return {
    returnPct,
    ...honestyOf({ strategy, params: {}, settings, result, trials: null, seed: 7 }),
  };
}

/** Bought at one share above the price and sold at one below. */
const lost = (share: number) => ((1 - share) / (1 + share) - 1) * 100;

describe('slippage that is a share of the price counts', () => {
  const { returnPct, stress, baselines } = judge({ slippage: { kind: 'fraction', fraction: 0.01 } });

  test('in the result, and twice and five times under stress', () => {
    expect(returnPct).toBeCloseTo(lost(0.01), 4);
    expect(stress.doubleCostsPct).toBeCloseTo(lost(0.02), 4);
    expect(stress.fiveFoldCostsPct).toBeCloseTo(lost(0.05), 4);
    expect(stress.delayedBarPct).toBeCloseTo(lost(0.01), 4);
  });

  test('in holding, which buys once', () => {
    expect(baselines.buyAndHold.returnPct).toBeCloseTo((1 / 1.01 - 1) * 100, 9);
  });

  test('in random entries, which pay what the trades paid', () => {
    const { p5, p50, p95 } = baselines.random!.randomReturnPct;
    for (const percentile of [p5, p50, p95]) expect(percentile).toBeCloseTo(baselines.random!.returnPct, 1);
    expect(p50).toBeCloseTo(lost(0.01), 1);
  });
});

test.each<readonly [string, Terms['slippage'], number]>([
  ['an amount for each unit', { kind: 'fixed', perUnit: 1 }, 1],
  // Ten of a thousand are a hundredth, whose square is a ten-thousandth.
  ['a share that grows with the size', { kind: 'volume-share', impact: 100 }, 1],
])('slippage that is %s counts under stress', (_, slippage, perUnit) => {
  const { returnPct, stress } = judge({ slippage }, 10);
  // Of 10,000, on ten units, in and out.
  const costs = (times: number) => ((-10 * 2 * perUnit * times) / 10_000) * 100;
  expect(returnPct).toBeCloseTo(costs(1), 9);
  expect(stress.doubleCostsPct).toBeCloseTo(costs(2), 9);
  expect(stress.fiveFoldCostsPct).toBeCloseTo(costs(5), 9);
});

describe('a rebate', () => {
  const { returnPct, stress, baselines } = judge({ fees: { ...noFees, taker: -0.001, maker: -0.001 } }, 10);

  test('is earned by the strategy and by holding', () => {
    expect(returnPct).toBeCloseTo(0.02, 9);
    expect(baselines.buyAndHold.returnPct).toBeCloseTo((1 / 0.999 - 1) * 100, 9);
  });

  test('is no cost, and so does not grow with costs', () => {
    expect(stress.doubleCostsPct).toBeCloseTo(returnPct, 9);
    expect(stress.fiveFoldCostsPct).toBeCloseTo(returnPct, 9);
  });
});
