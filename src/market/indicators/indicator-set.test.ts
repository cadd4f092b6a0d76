import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CandleArrays, IndicatorSet, indicatorFamilies } from './index.ts';

const hour = 3_600_000;
const columnNames = ['openTime', 'high', 'low', 'close', 'volume'] as const;

/** Every column of every family, with short periods: `macd-2-3-4.signal`. */
const names = indicatorFamilies.flatMap(({ name, parameters, outputs }) => {
  const numbers = parameters.map(({ whole, default: standard }, i) => (whole ? i + 2 : standard));
  const base = [name, ...numbers].join('-');
  return Object.keys(outputs).map((suffix) => (suffix === '' ? base : `${base}.${suffix}`));
});

/** In whole ticks, so that prices tie, stand still and close at their extremes; without volume now and then. */
const bar = fc.record({
  close: fc.integer({ min: 1, max: 6 }),
  above: fc.integer({ min: 0, max: 2 }),
  below: fc.integer({ min: 0, max: 2 }),
  volume: fc.integer({ min: 0, max: 3 }),
});
type Bar = typeof bar extends fc.Arbitrary<infer Shape> ? Shape : never;

const market = fc.array(bar, { minLength: 1, maxLength: 60 });

function candlesOf(bars: readonly Bar[]): CandleArrays {
  const column = (pick: (bar: Bar, i: number) => number) => Float64Array.from(bars, pick);
  return {
    openTime: column((_, i) => i * 7 * hour),
    high: column(({ close, above }) => 0.1 * (close + above)),
    low: column(({ close, below }) => 0.1 * Math.max(0, close - below)),
    close: column(({ close }) => 0.1 * close),
    volume: column(({ volume }) => volume),
  };
}

/** Has room for exactly `length` bars at a time, in arrays that are new each time. */
class LiveCandles {
  #all: CandleArrays;
  openTime = new Float64Array(0);
  high = new Float64Array(0);
  low = new Float64Array(0);
  close = new Float64Array(0);
  volume = new Float64Array(0);

  constructor(all: CandleArrays) {
    this.#all = all;
  }

  grow(length: number): void {
    for (const name of columnNames) this[name] = this.#all[name].slice(0, length);
  }
}

function computeAll(candles: CandleArrays, length: number): Float64Array[] {
  const set = new IndicatorSet(candles);
  const columns = names.map((name) => set.column(name));
  set.advance(length);
  return columns.map(({ values }) => values);
}

/** To the bit, NaN and the sign of 0 included. */
function expectSame(
  actual: readonly Float64Array[],
  expected: readonly Float64Array[],
  length: number,
): void {
  const bits = (values: Float64Array) => new BigUint64Array(values.slice(0, length).buffer).join();
  const different = names.filter((_, i) => bits(actual[i]!) !== bits(expected[i]!));
  expect(different).toEqual([]);
}

describe('every indicator', () => {
  test('gives the same bits bar by bar, in chunks, and at once', () => {
    fc.assert(
      fc.property(market, fc.array(fc.integer({ min: 1, max: 20 })), (bars, chunks) => {
        const candles = candlesOf(bars);
        const { length } = bars;
        const whole = computeAll(candles, length);
        for (const steps of [chunks, bars.map(() => 1)]) {
          const live = new LiveCandles(candles);
          const set = new IndicatorSet(live);
          const columns = names.map((name) => set.column(name));
          let end = 0;
          for (const step of [...steps, length]) {
            end = Math.min(end + step, length);
            live.grow(end);
            set.advance(end);
          }
          expectSame(
            columns.map(({ values }) => values),
            whole,
            length,
          );
        }
      }),
    );
  });

  test('depends on no later bar', () => {
    fc.assert(
      fc.property(market, market, (past, future) => {
        const known = computeAll(candlesOf(past), past.length);
        const further = [...past, ...future.map((shape) => ({ ...shape, close: shape.close * 1e9 }))];
        expectSame(computeAll(candlesOf(further), further.length), known, past.length);
      }),
    );
  });

  test('is unknown before its first index, and a finite number at each bar from there on', () => {
    fc.assert(
      fc.property(market, (bars) => {
        const set = new IndicatorSet(candlesOf(bars));
        const columns = names.map((name) => set.column(name));
        set.advance(bars.length);
        const faulty = names.filter((_, i) => {
          const { values, first } = columns[i]!;
          return values.some((value, at) => (at < first ? !Number.isNaN(value) : !Number.isFinite(value)));
        });
        expect(faulty).toEqual([]);
      }),
    );
  });

  test('has the columns that its family lists', () => {
    for (const { name, parameters, outputs } of indicatorFamilies) {
      const needed = parameters.filter(({ default: standard }) => standard === null).map(() => '5');
      const set = new IndicatorSet(candlesOf([]));
      for (const suffix of Object.keys(outputs)) {
        const full = [name, ...needed].join('-') + (suffix === '' ? '' : `.${suffix}`);
        expect(set.column(full).first, full).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe('a set', () => {
  const rising = candlesOf([1, 2, 3, 4, 5, 6].map((close) => ({ close, above: 0, below: 0, volume: 1 })));

  test('computes once what has several names', () => {
    const set = new IndicatorSet(rising);
    expect(set.column('bollinger')).toBe(set.column('bollinger-20-2.middle'));
    expect(set.column('rsi-14')).toBe(set.column('rsi'));
    expect(set.column('rsi-14')).not.toBe(set.column('rsi-13'));
  });

  test('brings a column that is asked for late up to where the others are, and no further', () => {
    const set = new IndicatorSet(rising);
    set.advance(4);
    const late = set.column('momentum-1');
    expect([...late.values].map((value) => value.toFixed(1))).toEqual(['NaN', '0.1', '0.1', '0.1']);
    set.advance(2);
    expect(late.values).toHaveLength(4);
    set.advance(5);
    expect(late.values[4]).toBeCloseTo(0.1, 10);
    expect(late.values[5]).toBeNaN();
  });

  test('refuses a name that stands for nothing, and says what to write', () => {
    expect(() => new IndicatorSet(rising).column('smma-10')).toThrow(/Did you mean sma-10\?/);
  });
});
