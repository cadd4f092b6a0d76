import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CandleSeries, createNormal, createRandom, dayMs, timeframeMs } from '../../core/index.ts';
import { type Moon, type MoonResult, moonFamilies, moonUsage, parseMoon } from './index.ts';

type Columns = Pick<CandleSeries, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

function series(intervalMs: number, columns: Columns): CandleSeries {
  return { symbol: 'TEST', intervalMs, length: columns.close.length, ...columns };
}

/** Bars one after the other whose open, high and low equal the close, unless given. */
function bars(intervalMs: number, close: readonly number[], given: Partial<Columns> = {}): CandleSeries {
  const prices = Float64Array.from(close);
  return series(intervalMs, {
    openTime: prices.map((_, i) => i * intervalMs),
    open: prices,
    high: prices,
    low: prices,
    close: prices,
    volume: prices.map(() => 1),
    ...given,
  });
}

/** A random walk with stretches that stand still, bars without volume and, if asked for, missing bars. */
function seededBars(seed: number, intervalMs: number, length: number, holes = false): CandleSeries {
  const random = createRandom(seed);
  const normal = createNormal(random);
  const column = () => new Float64Array(length);
  const made = {
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 100;
  let at = 0;
  let flatFor = 0;
  for (let i = 0; i < length; i++) {
    if (flatFor === 0 && random() < 0.02) flatFor = 30;
    const moves = flatFor === 0 ? 1 : 0;
    flatFor = Math.max(0, flatFor - 1);
    made.openTime[i] = at;
    made.open[i] = price;
    price *= 1 + moves * 0.01 * Math.max(-5, Math.min(5, normal()));
    made.close[i] = price;
    made.high[i] = Math.max(made.open[i]!, price) * (1 + moves * 0.005 * random());
    made.low[i] = Math.min(made.open[i]!, price) * (1 - moves * 0.005 * random());
    made.volume[i] = moves * Math.floor(1000 * random());
    at += intervalMs * (holes && random() < 0.1 ? 1 + Math.floor(40 * random()) : 1);
  }
  return series(intervalMs, made);
}

function mapColumns(from: CandleSeries, change: (column: Float64Array) => Float64Array): CandleSeries {
  const { openTime, open, high, low, close, volume } = from;
  return series(from.intervalMs, {
    openTime: change(openTime),
    open: change(open),
    high: change(high),
    low: change(low),
    close: change(close),
    volume: change(volume),
  });
}

/** Every registered moon; numbered ones with a short, a usual and a long number. */
const everyMoon: readonly Moon[] = moonFamilies.flatMap((family) => {
  if (family.parameter === null) return [parseMoon(family.family)];
  const { min, max } = family.parameter;
  const numbers = [...new Set([min, Math.min(14, max), Math.min(50, max)])];
  return numbers.map((number) => parseMoon(`${family.family}-${number}`));
});

/** The first `length` bars of a result, in a form that can be compared. */
function firstBars({ lines, critical }: MoonResult, length: number) {
  return {
    lines: lines.map(({ suffix, unit, values }) => ({ suffix, unit, values: values.slice(0, length) })),
    critical: critical?.slice(0, length),
  };
}

const intervals = ['5m', '1h', '7h', '1d', '1w'].map(timeframeMs);

describe.each(everyMoon.map((moon) => [moon.name, moon] as const))('%s', (_, moon) => {
  test('knows nothing of what comes after a bar: cut off or absurd, the future changes no value before it', () => {
    const situation = fc.record({
      seed: fc.nat(),
      intervalMs: fc.constantFrom(...intervals),
      length: fc.integer({ min: 0, max: 400 }),
      cut: fc.nat(400),
      holes: fc.boolean(),
    });
    fc.assert(
      fc.property(situation, ({ seed, intervalMs, length, cut, holes }) => {
        const whole = seededBars(seed, intervalMs, length, holes);
        const known = Math.min(cut, length);
        const expected = firstBars(moon.compute(whole), known);
        const truncated = mapColumns(whole, (column) => column.slice(0, known));
        expect(firstBars(moon.compute(truncated), known)).toEqual(expected);
        const absurd = mapColumns(whole, (column) =>
          column === whole.openTime ? column : column.map((value, i) => (i < known ? value : 1e12 / (i + 1))),
        );
        expect(firstBars(moon.compute(absurd), known)).toEqual(expected);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('has all its values from the warm-up on, and not a bar sooner when none is missing', () => {
    for (const intervalMs of intervals) {
      const warmUp = moon.warmUp(intervalMs);
      for (const holes of [false, true]) {
        const { lines } = moon.compute(seededBars(intervalMs + 1, intervalMs, warmUp + 200, holes));
        for (const { suffix, values } of lines) {
          const absent = values.findIndex((value, i) => i >= warmUp && !Number.isFinite(value));
          expect(absent, `${suffix} at bar ${absent}`).toBe(-1);
        }
        const early = lines.every(({ values }) => Number.isFinite(values[warmUp - 1]));
        if (warmUp > 0 && !holes) expect(early).toBe(false);
      }
    }
  });

  test('gives one main value first, every line as long as the series, and leaves the candles alone', () => {
    const candles = seededBars(3, timeframeMs('1h'), 300);
    const { lines, critical } = moon.compute(candles);
    expect(lines.map(({ suffix }) => suffix).indexOf('')).toBe(0);
    expect(new Set(lines.map(({ suffix }) => suffix)).size).toBe(lines.length);
    for (const { values } of lines) expect(values).toHaveLength(300);
    if (critical) expect(critical).toHaveLength(300);
    expect(candles).toEqual(seededBars(3, timeframeMs('1h'), 300));
  });
});

/** A moon's lines by suffix, the main one under ''. */
function linesOf(name: string, candles: CandleSeries): Record<string, Float64Array> {
  return Object.fromEntries(
    parseMoon(name)
      .compute(candles)
      .lines.map(({ suffix, values }) => [suffix, values]),
  );
}

function criticalBars(name: string, candles: CandleSeries): number[] {
  const { critical } = parseMoon(name).compute(candles);
  return [...(critical ?? [])].flatMap((flag, i) => (flag === 1 ? [i] : []));
}

const hour = timeframeMs('1h');

describe('by hand', () => {
  test('averages flag the bar whose close crosses them', () => {
    // sma-2: 10, 10, 11, 10.5, 9.5; the close is on it, on it, above, below, below.
    const candles = bars(hour, [10, 10, 10, 12, 9, 10]);
    expect([...linesOf('sma-2', candles)['']!.subarray(1)]).toEqual([10, 10, 11, 10.5, 9.5]);
    expect(criticalBars('sma-2', candles)).toEqual([3, 4, 5]);
    // ema-3 halves the distance: 10, 11, 10, 10; the close is on it, above, below, on it.
    expect(criticalBars('ema-3', candles)).toEqual([3, 4]);
  });

  test('rsi-2 is critical on entering an extreme, not while staying there', () => {
    // Average gain and loss: ½ ½ (50), 1.25 ¼ (83), 1.63 ⅛ (93), 1.81 1/16 (97), 0.91 2.53 (26), 0.45 2.77 (14).
    expect(criticalBars('rsi-2', bars(hour, [10, 11, 10, 12, 14, 16, 11, 8]))).toEqual([3, 6]);
  });

  test('bollinger bands of a price that stands still have no width, and the close is in their middle', () => {
    const lines = linesOf('bollinger-20', bars(hour, Array(30).fill(0.1)));
    expect(Object.keys(lines)).toEqual(['', 'upper', 'lower', 'percent-b', 'width']);
    expect(Object.values(lines).map((values) => values[29])).toEqual([0.1, 0.1, 0.1, 0.5, 0]);
  });

  test('%B is 0 at the lower and 1 at the upper band, and leaving the bands is critical', () => {
    // Nineteen times 0 and once 20 (shifted by 100): mean 1, deviation √(20 - 1) = √19, so %B = ½ + 19 / (4 · √19).
    const candles = bars(hour, [...Array(20).fill(100), 120, 100]);
    expect(linesOf('bollinger-20', candles)['percent-b']![20]).toBeCloseTo(0.5 + Math.sqrt(19) / 4, 12);
    expect(linesOf('bollinger-20', candles)['width']![20]).toBeCloseTo((4 * Math.sqrt(19) * 100) / 101, 12);
    expect(criticalBars('bollinger-20', candles)).toEqual([20]);
  });

  test('atr is critical when a bar reaches more than three times as far as usual', () => {
    const close = Float64Array.from([10, 11, 10, 11, 10, 14, 13]);
    // Ranges 1 1 1 1 4 1: four is more than three times one, and after it nothing is.
    expect(criticalBars('atr-3', bars(hour, [...close]))).toEqual([5]);
  });

  test('volume stands beside its average, which includes the bar; three times that is critical', () => {
    const volume = Float64Array.from({ length: 21 }, (_, i) => (i === 20 ? 5 : 1));
    const candles = bars(hour, Array(21).fill(1), { volume });
    const lines = linesOf('volume', candles);
    // (19 · 1 + 5) / 20 = 1.2
    expect([lines['']![20], lines['average-20']![20], lines['ratio']![20]]).toEqual([5, 1.2, 5 / 1.2]);
    expect(lines['']![0]).toBe(1);
    expect(criticalBars('volume', candles)).toEqual([20]);
    const none = bars(hour, Array(21).fill(1), { volume: new Float64Array(21) });
    expect(linesOf('volume', none)['ratio']![20]).toBe(0);
  });

  test('volume-24h adds 24 bars of an hour, and the one bar of a day or a week', () => {
    const hourly = linesOf('volume-24h', bars(hour, Array(30).fill(1)))[''];
    expect([hourly![22], hourly![23], hourly![29]]).toEqual([Number.NaN, 24, 24]);
    for (const intervalMs of [dayMs, 7 * dayMs]) {
      const volume = Float64Array.of(3, 4, 5);
      expect(linesOf('volume-24h', bars(intervalMs, [1, 1, 1], { volume }))['']).toEqual(volume);
    }
  });

  test('volume-24h goes by the clock: at noon after a night without bars it has this session and the end of the last', () => {
    // Hours 0 to 3, then 20 to 25: the bar of hour 23 closes when hour 0 drops out of the day before it.
    const openTime = Float64Array.of(0, 1, 2, 3, 20, 21, 22, 23, 24, 25).map((at) => at * hour);
    const volume = Float64Array.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
    const values = linesOf('volume-24h', bars(hour, Array(10).fill(1), { openTime, volume }))['']!;
    expect(values[6]).toBeNaN();
    expect([...values.subarray(7)]).toEqual([255, 255 - 1 + 256, 255 - 1 - 2 + 256 + 512]);
  });

  test('a swing counts only when five bars after it have closed', () => {
    // Up from 1 to 9 at bar 8, down to 2 at bar 15, up again.
    const close = [1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { '': place, high, low } = linesOf('swing-levels', bars(hour, close));
    expect(high![9]).toBeNaN();
    expect([...high!.subarray(12, 15)]).toEqual([9, 9, 9]);
    // Until bar 20 confirms the low of 2, the lowest bar so far stands in.
    expect([low![19], low![20]]).toEqual([1, 2]);
    // (7 - 2) / (9 - 2)
    expect(place![20]).toBeCloseTo(5 / 7, 12);
    // The swing high of 9 is passed by the close of 10 and not by that of 9.
    expect(criticalBars('swing-levels', bars(hour, close))).toEqual([23]);
  });

  test('volatility of returns that alternate between +1 % and -1 % is √(20/19) % a bar', () => {
    const up = 1.01;
    const candles = bars(
      hour,
      Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 100 : 100 * up)),
    );
    const { '': perBar, annualised } = linesOf('volatility', candles);
    const expected = 100 * Math.log(up) * Math.sqrt(20 / 19);
    expect(perBar![19]).toBeNaN();
    expect(perBar![20]).toBeCloseTo(expected, 10);
    // 8,760 hours a year
    expect(annualised![20]).toBeCloseTo(expected * Math.sqrt(8760), 8);
    expect(criticalBars('volatility', candles)).toEqual([]);
    expect(criticalBars('volatility', bars(hour, [...candles.close, 105]))).toEqual([30]);
  });

  test('regime follows a rise, a standstill and a fall, and is critical when it changes', () => {
    const rise = Array.from({ length: 100 }, (_, i) => 100 + i);
    const fall = Array.from({ length: 100 }, (_, i) => 199 - i);
    const candles = bars(hour, [...rise, ...fall]);
    const { '': regime, strength } = linesOf('regime', candles);
    expect([regime![50], regime![99], regime![199]]).toEqual([1, 1, -1]);
    expect(strength![50]).toBeCloseTo(100, 10);
    const changes = [...regime!].flatMap((value, i) => (i > 50 && value !== regime![i - 1] ? [i] : []));
    expect(criticalBars('regime', candles)).toEqual(changes);
    expect(linesOf('regime', bars(hour, Array(80).fill(5)))['']![79]).toBe(0);
  });

  test('a market that stands still has no direction, whatever rounding leaves of it', () => {
    // 100.3 has no exact binary form: its averages differ from it, and from each other, by the last digits.
    const still = bars(hour, Array(400).fill(100.3));
    const averages = linesOf('ema-50', still)['']!.subarray(49);
    expect(averages.some((average) => average !== 100.3)).toBe(true);
    for (const moon of everyMoon) expect(criticalBars(moon.name, still)).toEqual([]);
    // After a rise strength stays where it was; the average has caught up with the price.
    const risen = bars(hour, [
      ...Array.from({ length: 100 }, (_, i) => 50 + i / 3),
      ...Array(900).fill(83.3),
    ]);
    expect(linesOf('regime', risen)['strength']![999]).toBeGreaterThan(25);
    expect(linesOf('regime', risen)['']![999]).toBe(0);
  });

  test('adx is critical when it rises above 25, macd when line and signal cross', () => {
    // 60 bars to and fro, then a rise that is a trend by any measure.
    const toAndFro = Array.from({ length: 60 }, (_, i) => 100 + (i % 2));
    const candles = bars(hour, [...toAndFro, ...Array.from({ length: 40 }, (_, i) => 101 + i)]);
    const [passed, ...again] = criticalBars('adx-14', candles);
    const strength = linesOf('adx-14', candles)['']!;
    expect(again).toEqual([]);
    expect(strength[passed! - 1]).toBeLessThanOrEqual(25);
    expect(strength[passed!]).toBeGreaterThan(25);
    const { '': line, signal } = linesOf('macd', candles);
    const sides = [...line!].map((value, i) => Math.sign(value - signal![i]!));
    const crossings = sides.flatMap((side, i) => (side * sides[i - 1]! === -1 ? [i] : []));
    expect(crossings.length).toBeGreaterThan(0);
    expect(criticalBars('macd', candles)).toEqual(crossings);
  });
});

test('docs/moons.md has a row for every moon with all its lines', () => {
  const page = readFileSync('docs/moons.md', 'utf8').split('\n');
  const candles = seededBars(1, hour, 100);
  for (const family of moonFamilies) {
    const row = page.find((line) => line.startsWith(`| \`${moonUsage(family)}\` |`));
    expect(row, `no row for ${moonUsage(family)}`).toBeDefined();
    const moon = family.parameter === null ? family.create() : family.create(14);
    for (const { suffix } of moon.compute(candles).lines.slice(1)) expect(row).toContain(`\`.${suffix}\``);
  }
});
