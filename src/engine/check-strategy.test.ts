import { describe, expect, test } from 'vitest';
import type { CandleSeries } from '../core/index.ts';
import { OrreryError } from '../core/index.ts';
import { createSyntheticMarket } from '../market/index.ts';
import { indicatorFamilies } from '../market/indicators/index.ts';
import { freeTerms, honest } from '../trading/index.ts';
import type { CheckFinding } from './check-finding.ts';
import { checkStrategy } from './check-strategy.ts';
import { defineStrategy, type Line, type Strategy, type StrategyContext } from './strategy.ts';
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

const unitsOf = ({ findings }: { readonly findings: readonly CheckFinding[] }) =>
  findings.filter(({ kind }) => kind === 'units');

const subjects = (findings: readonly CheckFinding[], kind: CheckFinding['kind']) =>
  findings.filter((finding) => finding.kind === kind).map(({ subject }) => subject);

/** Trades where the close crosses the line, beside an honest one. */
const crossing = (line: Line) =>
  defineStrategy({
    indicators: () => ({ average: 'sma-20', line }),
    next({ crossedAbove, crossedBelow, buy, close, position }) {
      if (crossedAbove('close', 'line') && position.size === 0) buy();
      else if (crossedBelow('close', 'line')) close();
    },
  });

const column = (value: (candles: CandleSeries, bar: number) => number) => (candles: CandleSeries) =>
  Float64Array.from(candles.close, (_, bar) => value(candles, bar));

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

const scaled = (values: Float64Array, factor: number) => values.map((value) => value * factor);

describe('a line that knows the future is named', () => {
  test.each<[string, Line]>([
    ['the next close', column(({ close }, bar) => close[bar + 1]!)],
    [
      'the next close, and the last one at the end',
      column(({ close }, bar) => close[bar + 1] ?? close[bar]!),
    ],
    ['a close far ahead', column(({ close }, bar) => close[bar + 300] ?? close[bar]!)],
    ['a centred average', column(({ close }, bar) => mean(close.subarray(Math.max(0, bar - 5), bar + 6)))],
    ['its share of the highest of all', ({ close }) => scaled(close, 1 / Math.max(...close))],
    ['its share of the mean of all', ({ close }) => scaled(close, 1 / mean(close))],
    ['how many bars there are', column(({ length }, bar) => length - bar)],
    [
      'the bytes behind the column',
      ({ close }) => new Float64Array(close.buffer).map((_, i, all) => all[i + 1]!),
    ],
  ])('%s', (_, line) => {
    const { findings } = check(crossing(line));
    expect(subjects(findings, 'look-ahead')).toEqual(['line']);
  });

  test('where it shows first: two bars before the end of what it is given', () => {
    const everyThird = column(({ close }, bar) => close[bar + 2] ?? close[bar]!);
    const { findings } = check(crossing(everyThird));
    expect(findings[0]).toMatchObject({ kind: 'look-ahead', subject: 'line', severity: 'fault' });
    const at = (Date.parse(findings[0]!.at) - market.series.openTime[0]!) / 3_600_000;
    // The first cut is behind the first decision, which is a bar after the average of 20 is known.
    expect(at).toBe(21 - 2);
  });

  test('what it kept from the first time it was computed', () => {
    let kept: Float64Array | null = null;
    const { findings } = check(crossing(({ close }) => (kept ??= close.slice())));
    expect(subjects(findings, 'look-ahead')).toEqual(['line']);
  });

  test('when it cannot be computed without it', () => {
    const needing = ({ close }: CandleSeries) => {
      if (close.length < 1_000) throw new Error('a thousand candles are needed');
      return close.slice();
    };
    const { findings } = check(crossing(needing));
    expect(subjects(findings, 'look-ahead')).toEqual(['line']);
    expect(findings[0]?.detail).toMatch(/a thousand candles are needed/);
  });
});

describe('orders that know the future are named next', () => {
  const peeking = (next: (context: StrategyContext, tomorrow: number) => void, first = false) => {
    let kept: CandleSeries | null = null;
    return defineStrategy({
      indicators: () => ({
        harmless(given) {
          if (kept === null || !first) kept = given;
          return given.close.slice();
        },
      }),
      next: (context) => next(context, kept?.close[context.index + 1] ?? Number.NaN),
    });
  };
  const buyBeforeRise = ({ bar, position, buy, close }: StrategyContext, tomorrow: number) => {
    if (position.size === 0 && tomorrow > bar.close) buy();
    else if (position.size > 0 && tomorrow < bar.close) close();
  };

  test.each<[string, Strategy]>([
    ['from candles that a line gave away', peeking(buyBeforeRise)],
    ['from the first candles ever seen', peeking(buyBeforeRise, true)],
    [
      'only to leave an honest order out',
      peeking(({ index, bar, buy }, tomorrow) => {
        if (index % 3 === 0 && !(tomorrow < bar.close)) buy({ size: 0.01 });
      }),
    ],
  ])('%s', (_, strategy) => {
    expect(subjects(check(strategy).findings, 'look-ahead')).toEqual(['next']);
  });

  test('and so is what differs from one run to the next', () => {
    let runs = 0;
    const strategy = defineStrategy({
      next({ index, buy }) {
        if (index === 1) runs++;
        if (index === 30 * runs) buy();
      },
    });
    const { findings } = check(strategy);
    expect(subjects(findings, 'look-ahead')).toEqual(['next']);
    expect(findings[0]?.detail).toMatch(/two runs over the same candles/);
  });

  test.each<[string, (kept: CandleSeries) => CandleSeries]>([
    ['the candles themselves', (kept) => kept],
    ['a copy of them', (kept) => structuredClone(kept)],
  ])('few among very many, from %s', (_, keep) => {
    let kept: CandleSeries | null = null;
    const strategy = defineStrategy({
      indicators: () => ({
        harmless(given) {
          kept = keep(given);
          return given.close.slice();
        },
      }),
      next({ index, bar, buy }) {
        if (index % 1_500 === 701 && !(kept!.close[index + 1]! > bar.close)) return;
        buy({ size: 0.001 });
      },
    });
    const { findings } = check(strategy, marketOf(4, 6_000));
    expect(subjects(findings, 'look-ahead')).toEqual(['next']);
    expect(findings[0]?.detail).toMatch(/orders depend on later bars/);
  });

  test.each([1, -1])('whichever way they decide by it: %d', (sign) => {
    // Such a look decides like the truth where bars are absent.
    const honestWithout = peeking(({ index, bar, buy }, tomorrow) => {
      if (index === 200 || (index === 900 && sign * (tomorrow - bar.close) > -1e9)) buy({ size: 0.1 });
      if (index === 500 && !(sign * (tomorrow - bar.close) > 2 * bar.close * (sign > 0 ? 1 : 0.3)))
        buy({ size: 0.2 });
    });
    expect(subjects(check(honestWithout).findings, 'look-ahead')).toEqual(['next']);
  });
});

describe('nobody is accused who reads the past alone', () => {
  test('no indicator of the table', () => {
    const few = marketOf(4, 400);
    for (const { name, parameters, outputs } of indicatorFamilies) {
      const word = [name, ...parameters.map((parameter) => parameter.default ?? 10)].join('-');
      const lines = Object.keys(outputs).map((suffix) => (suffix === '' ? word : `${word}.${suffix}`));
      const strategy = defineStrategy({
        indicators: () => Object.fromEntries(lines.map((line) => [line, line])),
        next({ indicator, index, buy, close }) {
          if (indicator(lines[0]!) > indicator(lines[0]!, 1) && index % 5 === 0) buy({ size: 0.1 });
          else if (index % 7 === 0) close();
        },
      });
      const { findings, compared } = check(strategy, few);
      expect([word, subjects(findings, 'look-ahead'), subjects(findings, 'units')]).toEqual([word, [], []]);
      expect(compared.cuts).toBeGreaterThanOrEqual(20);
      expect(compared.orders).toBeGreaterThan(20);
    }
  });

  test.each<[string, (kept: CandleSeries) => CandleSeries]>([
    ['keeps the candles', (kept) => kept],
    ['keeps a copy of them', (kept) => structuredClone(kept)],
  ])('nobody who %s and reads bars that have closed', (_, keep) => {
    let kept: CandleSeries | null = null;
    const strategy = defineStrategy({
      indicators: () => ({
        harmless(given) {
          kept = keep(given);
          return given.close.slice();
        },
      }),
      next({ index, position, buy, close }) {
        const rose = kept!.close[index]! > kept!.close[index - 1]!;
        if (rose && position.size === 0) buy();
        else if (!rose && position.size > 0) close();
      },
    });
    expect(check(strategy).findings).toEqual([]);
  });

  test('not on a handful of candles either', () => {
    for (const bars of [2, 3, 22, 23, 30])
      expect(check(crossing('sma-20'), marketOf(4, bars)).findings).toEqual(
        bars < 22
          ? [expect.objectContaining({ kind: 'warm-up' }), expect.objectContaining({ kind: 'warm-up' })]
          : [],
      );
  });
});

describe('warm-up', () => {
  /** An exponential average that takes the first close for its past, and believes it at once. */
  const hasty =
    (period: number) =>
    ({ close }: CandleSeries) => {
      let value = close[0]!;
      return close.map((price) => (value += (2 / (period + 1)) * (price - value)));
    };

  test('a line that is believed long before it has settled, and when it will have', () => {
    const { findings } = check({ ...crossing(hasty(300)), indicators: () => ({ line: hasty(300) }) });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'warm-up', subject: 'line', severity: 'fault' });
    expect(findings[0]?.detail).toMatch(/about \d+ more bars settle it/);
  });

  test('a line that never settles', () => {
    const meanSoFar = ({ close }: CandleSeries) => {
      let sum = 0;
      return close.map((price, bar) => {
        sum += price;
        return sum / (bar + 1);
      });
    };
    const { findings } = check({ ...crossing(meanSoFar), indicators: () => ({ line: meanSoFar }) });
    expect(findings[0]).toMatchObject({ kind: 'warm-up', subject: 'line', severity: 'fault' });
    expect(findings[0]?.detail).toMatch(/where the candles begin/);
  });

  test('a line with no value at all', () => {
    const { findings } = check(crossing('sma-5000'));
    expect(findings).toMatchObject([{ kind: 'warm-up', subject: 'line', severity: 'fault' }]);
  });
});

describe('units', () => {
  test('a line that divides by zero', () => {
    const { findings } = check(crossing(column(({ close }, bar) => close[bar]! / (bar % 100))));
    expect(findings).toMatchObject([{ kind: 'units', subject: 'line', severity: 'fault' }]);
  });

  test('a line with holes, which may be meant, is a note', () => {
    const { findings } = check(
      crossing(column(({ close }, bar) => (bar % 3 === 0 ? Number.NaN : close[bar]!))),
    );
    expect(findings).toMatchObject([{ kind: 'units', subject: 'line', severity: 'note' }]);
  });

  const buying = (size?: number) =>
    defineStrategy({
      next({ index, buy }) {
        if (index % 50 === 0) buy(size === undefined ? {} : { size });
      },
    });

  test('units that could never be paid for', () => {
    expect(unitsOf(check(buying(1_000_000)))).toMatchObject([
      { kind: 'units', subject: 'size', severity: 'fault' },
    ]);
  });

  test('an account that never comes to a whole unit is a note', () => {
    const dear = { ...market, series: { ...market.series } };
    for (const name of ['open', 'high', 'low', 'close'] as const) {
      Object.assign(dear.series, { [name]: market.series[name].map((price) => price * 10_000) });
    }
    expect(unitsOf(check(buying(), dear))).toMatchObject([
      { kind: 'units', subject: 'size', severity: 'note' },
    ]);
  });

  test('an order that cannot be one', () => {
    expect(check(buying(Number.NaN)).findings).toMatchObject([
      { kind: 'units', subject: 'next', at: '2024-01-03T02:00:00.000Z' },
    ]);
  });
});

test('a line asked for a bar ahead is refused at once', () => {
  const asking = defineStrategy({
    next({ indicator }) {
      indicator('close', -1);
    },
  });
  expect(check(asking).findings).toMatchObject([{ kind: 'units', subject: 'next' }]);
});

test('a strategy that fails is told so, with the bar', () => {
  const failing = defineStrategy({
    next({ index }) {
      if (index === 7) throw new TypeError('no such thing');
    },
  });
  expect(() => check(failing)).toThrow(OrreryError);
  expect(() => check(failing)).toThrow(/failed at the bar of 2024-01-01T07:00:00.000Z: no such thing/);
});
