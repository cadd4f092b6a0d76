import { describe, expect, test } from 'vitest';
import { createSyntheticMarket } from '../market/index.ts';
import { freeTerms, honest } from '../trading/index.ts';
import { checkStrategy } from './check-strategy.ts';
import { defineStrategy, type Strategy } from './strategy.ts';
import type { Market } from './timeline.ts';

const market = marketOf(4, 1_500);

function marketOf(seed: number, bars: number): Market {
  const start = Date.UTC(2024, 0, 1);
  const made = createSyntheticMarket({ seed, symbols: ['SYN-A'], timeframe: '1h', bars, start });
  return { instrument: made.instruments[0]!, series: made.series[0]!, from: 0, to: bars };
}

function check(strategy: Strategy, on: Market = market) {
  const terms = new Map([[on.instrument.symbol, freeTerms]]);
  const settings = {
    ...{ cash: 10_000, conventions: honest, terms },
    ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
  };
  return checkStrategy({ strategy, params: strategy.params, settings }, on);
}

describe('state that is kept from one run to the next is called that', () => {
  const state = /it keeps something from one run to the next/;

  test('when the run before ended in the market', () => {
    let holding = false;
    const strategy = defineStrategy({
      indicators: () => ({ average: 'sma-20' }),
      next({ crossedAbove, crossedBelow, buy, close }) {
        if (!holding && crossedAbove('close', 'average')) {
          buy();
          holding = true;
        } else if (holding && crossedBelow('close', 'average')) {
          close();
          holding = false;
        }
      },
    });
    // Two ends, of which one at least leaves it unlike the beginning or meets it in a cut.
    for (const bars of [1_500, 1_430, 1_377]) {
      const { findings } = check(strategy, marketOf(4, bars));
      expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'fault' }]);
      expect(findings[0]?.detail).toMatch(state);
    }
  });

  test('when whole runs leave it as it was, and only others do not', () => {
    let calls = 0;
    const strategy = defineStrategy({
      next({ buy, position }) {
        if (calls++ % 100 === 50 && position.size === 0) buy({ size: 0.1 });
      },
    });
    // `next` is first called at bar 1.
    const { findings } = check(strategy, marketOf(4, 1_501));
    expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'fault' }]);
    expect(findings[0]?.detail).toMatch(state);
  });
});

test('state that is set back when lines are asked for, at the beginning of a run, is none', () => {
  let highest = 0;
  const strategy = defineStrategy({
    indicators() {
      highest = 0;
      return { average: 'sma-20' };
    },
    next({ bar, position, buy, close }) {
      highest = Math.max(highest, bar.close);
      if (position.size === 0 && bar.close === highest) buy();
      else if (position.size > 0 && bar.close < 0.95 * highest) close();
    },
  });
  expect(check(strategy).findings).toEqual([]);
});

describe('prices from elsewhere than the candles', () => {
  const file = market.series.close.slice();

  test('orders that follow a file of the same candles', () => {
    const reader = defineStrategy({
      next({ index, position, buy, close }) {
        const rises = file[index + 1]! > file[index]!;
        if (rises && position.size === 0) buy();
        else if (!rises && position.size > 0) close();
      },
    });
    const { findings } = check(reader);
    expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'fault' }]);
    expect(findings[0]?.detail).toMatch(
      /on invented prices its orders foretell the real ones: (\d+) of \1 are right/,
    );
  });

  test('orders that ask the file besides, whether to keep to an honest rule', () => {
    const reader = defineStrategy({
      indicators: () => ({ average: 'sma-5' }),
      next({ index, crossedAbove, crossedBelow, position, buy, close }) {
        if (position.size === 0 && crossedAbove('close', 'average') && file[index + 1]! > file[index]!) buy();
        else if (position.size > 0 && crossedBelow('close', 'average')) close();
      },
    });
    expect(check(reader).findings).toMatchObject([
      { kind: 'look-ahead', subject: 'next', severity: 'fault' },
    ]);
  });

  test('a copy of the first candles ever seen', () => {
    let first: Float64Array | null = null;
    const keeper = defineStrategy({
      indicators: () => ({
        harmless({ close }) {
          first ??= close.slice();
          return close.slice();
        },
      }),
      next({ index, position, buy, close }) {
        const rises = first![index + 1]! > first![index]!;
        if (rises && position.size === 0) buy();
        else if (!rises && position.size > 0) close();
      },
    });
    expect(check(keeper).findings).toMatchObject([
      { kind: 'look-ahead', subject: 'next', severity: 'fault' },
    ]);
  });

  test('a rule of the calendar is a note', () => {
    const mondays = defineStrategy({
      next({ bar, position, buy, close }) {
        const monday = new Date(bar.time).getUTCDay() === 1;
        if (monday && position.size === 0) buy();
        else if (!monday && position.size > 0) close();
      },
    });
    const { findings } = check(mondays);
    expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'next', severity: 'note' }]);
    expect(findings[0]?.detail).toMatch(/whatever the prices are: right for a rule of the calendar/);
  });
});
