import { describe, expect, test } from 'vitest';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import { createRandom } from '../core/index.ts';
import { freeTerms, honest, noFees } from '../trading/index.ts';
import { type BacktestSettings, backtest, defineStrategy, honestyOf, type Strategy } from './index.ts';

const dayMs = 86_400_000;

/** Two years of daily bars that walk at random, `drift` a day upwards. */
function walk(seed: number, drift = 0): readonly SimulatedBar[] {
  const random = createRandom(seed);
  let price = 100;
  return Array.from({ length: 730 }, () => {
    const open = price;
    price = open * Math.exp(drift + (random() + random() + random() - 1.5) * 0.03);
    return [open, Math.max(open, price) * 1.001, Math.min(open, price) * 0.999, price];
  });
}

/** In for five days of ten. */
const everyOther = defineStrategy({
  next({ index, position, buy, close }) {
    if (index % 10 === 0) buy();
    else if (position.size > 0 && index % 10 === 5) close();
  },
});

/** Knows tomorrow's close, as nobody does. */
const prophet = defineStrategy({
  indicators: () => ({
    tomorrow: ({ open, close }) => close.map((_, i) => (close[i + 1] ?? 0) - (open[i + 1] ?? 0)),
  }),
  next({ indicator, position, buy, close }) {
    const rises = indicator('tomorrow') > 0;
    if (position.size > 0) close();
    if (rises) buy();
  },
});

const settings: BacktestSettings = {
  cash: 10_000,
  conventions: honest,
  terms: new Map([['A', { ...freeTerms, fees: { ...noFees, taker: 0.0005, maker: 0.0005 }, lotSize: 1e-6 }]]),
  hedging: false,
  exclusive: false,
  tradeOnClose: false,
  finalize: false,
};

function judge(strategy: Strategy, bars: readonly SimulatedBar[], changed: Partial<BacktestSettings> = {}) {
  const series = seriesOf(bars, dayMs);
  const instrument = {
    symbol: 'A',
    assetClass: 'crypto',
    currency: 'USD',
    timeframe: '1d',
    adjusted: null,
  } as const;
  const own = { ...settings, ...changed };
  const result = backtest(strategy, {}, [{ instrument, series, from: 0, to: series.length }], own);
  return { result, ...honestyOf({ strategy, params: {}, settings: own, result, trials: null, seed: 7 }) };
}

describe('what stands beside a result', () => {
  test('timing without a reason is told from skill by nothing', () => {
    const verdicts = [1, 2, 3, 4, 5, 6].map((seed) => judge(everyOther, walk(seed)));
    const lucky = verdicts.filter(({ baselines }) => baselines.random!.pValue < 0.05);
    expect(lucky.length).toBeLessThanOrEqual(1);
    for (const { evidence } of verdicts) {
      expect(evidence.sharpe!.low).toBeLessThan(evidence.sharpe!.high);
      expect(evidence.insufficient).toEqual([]);
    }
  });

  test('foresight is told at once', () => {
    const { baselines, evidence } = judge(prophet, walk(3));
    expect(baselines.random!.pValue).toBeCloseTo(1 / 1001, 9);
    expect(evidence.sharpe!.low).toBeGreaterThan(3);
    expect(evidence.deflatedSharpe).toBeGreaterThan(0.999);
    expect(evidence.againstHold.sharpe!.low).toBeGreaterThan(0);
    expect(evidence.minimumTrackRecordDays).toBeLessThan(60);
  });

  test('the same rules do worse when they cost more', () => {
    const { result, stress } = judge(everyOther, walk(1));
    const returnPct = (result.equity.at(-1)! / 10_000 - 1) * 100;
    // 146 sides at 5 bp are 7.3 %; once more, and four times more.
    expect(stress.doubleCostsPct).toBeLessThan(returnPct);
    expect(stress.fiveFoldCostsPct).toBeLessThan(stress.doubleCostsPct);
  });

  test('an order a bar later fills a bar later, and foresight is then worth nothing', () => {
    const flat: readonly SimulatedBar[] = [10, 10, 20, 40, 40, 40].map((price) => [
      price,
      price,
      price,
      price,
    ]);
    const once = defineStrategy({
      next({ index, buy }) {
        if (index === 1) buy({ size: 10 });
      },
    });
    const { result, stress } = judge(once, flat, { terms: new Map([['A', freeTerms]]) });
    // Bought at 20 and worth 40, or at 40: 10 × 20 of 10,000, or nothing.
    expect(result.equity.at(-1)).toBe(10_200);
    expect(stress.delayedBarPct).toBe(0);
  });

  test('too little is called too little', () => {
    const { evidence } = judge(everyOther, walk(1).slice(0, 100));
    expect(evidence.insufficient).toEqual([
      { kind: 'days', found: 100, needed: 250 },
      { kind: 'trades', found: 9, needed: 30 },
    ]);
  });

  test('doing nothing has no Sharpe and no random twin', () => {
    const { baselines, evidence } = judge(defineStrategy({ next() {} }), walk(1));
    expect(baselines.random).toBeNull();
    expect(evidence).toMatchObject({ sharpe: null, deflatedSharpe: null, minimumTrackRecordDays: null });
  });

  test('a half is the whole after a split, for the strategy, for holding and for its lines', () => {
    const bars: readonly SimulatedBar[] = [100, 100, 100, 50, 50, 50].map((price) => [
      price,
      price,
      price,
      price,
    ]);
    const actions = [{ kind: 'split', at: Date.UTC(2024, 0, 4), ratio: 2 }] as const;
    const seen: number[] = [];
    const holds = defineStrategy({
      indicators: () => ({ mean: 'sma-2' }),
      next({ position, buy, indicator, bar }) {
        seen.push(indicator('mean'), bar.close);
        if (position.size === 0) buy({ size: 10 });
      },
    });
    const { result, baselines } = judge(holds, bars, {
      terms: new Map([['A', { ...freeTerms, actions }]]),
    });
    expect(result.equity.at(-1)).toBe(10_000);
    expect(baselines.buyAndHold.returnPct).toBe(0);
    // Lines are adjusted, the bar is what it cost.
    expect(seen.slice(-2)).toEqual([100, 50]);
  });
});
