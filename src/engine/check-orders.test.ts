import { describe, expect, test } from 'vitest';
import { type CandleSeries, dayMs } from '../core/index.ts';
import { createSyntheticMarket } from '../market/index.ts';
import { freeTerms, honest } from '../trading/index.ts';
import { checkStrategy } from './check-strategy.ts';
import { defineStrategy, type Strategy } from './strategy.ts';
import type { Market } from './timeline.ts';

const bars = 400;
const made = createSyntheticMarket({
  ...{ seed: 4, symbols: ['SYN-A'], timeframe: '1h', bars },
  start: Date.UTC(2024, 0, 1),
});
const market: Market = { instrument: made.instruments[0]!, series: made.series[0]!, from: 0, to: bars };

function check(strategy: Strategy) {
  const settings = {
    ...{ cash: 10_000, conventions: honest, terms: new Map([['SYN-A', freeTerms]]) },
    ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
  };
  return checkStrategy({ strategy, params: {}, settings }, market);
}

describe('of a strategy that cancels orders', () => {
  test('nothing is said when its prices are honest', () => {
    const requoting = defineStrategy({
      indicators: () => ({ average: 'sma-20' }),
      next({ bar, indicator, position, buy, cancel, close }) {
        cancel();
        if (position.size > 0 && bar.close > indicator('average')) close();
        else if (position.size === 0) buy({ limit: indicator('average') * 0.99 });
      },
    });
    const { findings, compared } = check(requoting);
    expect(findings).toEqual([]);
    expect(compared.orders).toBeGreaterThan(bars);
  });

  test('nothing is said when it has nothing to cancel: that is no order', () => {
    expect(check(defineStrategy({ next: ({ cancel }) => cancel() })).findings).toEqual([]);
  });

  test('what it has cancelled is not filled in the check either', () => {
    const { series } = market;
    // Waiting, it would be filled once the price is down there.
    const limit = Math.min(...series.low) * 1.000_1;
    expect(series.low.findIndex((low) => low <= limit)).toBeGreaterThan(20);
    const once = defineStrategy({
      next({ index, position, buy, cancel }) {
        if (index === 5) buy({ size: 1, limit });
        if (index === 6) cancel();
        if (position.size > 0) throw new TypeError('filled what was cancelled');
      },
    });
    expect(check(once).compared.orders).toBe(2);
  });

  test('a rule of the calendar counts the orders alone', () => {
    const midnights = defineStrategy({
      next({ bar, buy, cancel }) {
        cancel();
        if (bar.time % dayMs === 0) buy({ size: 1, limit: 1 });
      },
    });
    const { findings } = check(midnights);
    expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'note' }]);
    const orders = Math.floor((bars - 1) / 24);
    expect(findings[0]?.detail).toContain(`the same ${orders} orders whatever the prices are`);
  });

  test('a cancellation that knows the future is a look ahead', () => {
    let kept: CandleSeries | null = null;
    const peeking = defineStrategy({
      indicators: () => ({
        harmless(given) {
          kept = given;
          return given.close.slice();
        },
      }),
      next({ index, bar, buy, cancel }) {
        if (index % 20 === 0) buy({ size: 1, limit: bar.close * 0.995 });
        else if (kept!.close[index + 1]! < bar.close) cancel();
      },
    });
    const { findings } = check(peeking);
    expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'fault' }]);
    expect(findings[0]?.detail).toMatch(/orders depend on later bars: .*"cancel"/);
  });
});
