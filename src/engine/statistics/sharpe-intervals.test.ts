import { describe, expect, test } from 'vitest';
import { createNormal, createRandom } from '../../core/index.ts';
import { automaticBlockLength, differenceIntervals, sharpeInterval, stationaryBootstrap } from './index.ts';

const year = 252;

/** Each value is `memory` times the one before, plus normal noise. */
function autoregressive(length: number, memory: number, seed: number): Float64Array {
  const normal = createNormal(createRandom(seed));
  let value = 0;
  return Float64Array.from({ length }, () => {
    value = memory * value + normal();
    return value;
  });
}

function returnsOf(seed: number, dailySharpe: number, days = 250): Float64Array {
  return autoregressive(days, 0, seed).map((value) => (value + dailySharpe) / 100);
}

describe('the length of blocks', () => {
  // arch 8.0.0, `optimal_block_length(…)['stationary']`, on the same numbers.
  test.each([
    [500, 0.5, 2, 7.900862854940677],
    [1000, 0.8, 3, 22.288516560983034],
    [2000, -0.4, 4, 13.027173959398931],
    [60, 0.1, 7, 1.773216228470841],
  ])('of %i values with a memory of %s, seed %i, is %s', (length, memory, seed, expected) => {
    expect(automaticBlockLength(autoregressive(length, memory, seed))).toBeCloseTo(expected, 9);
  });

  test('is 1 where nothing hangs together, or nothing varies', () => {
    expect(automaticBlockLength(autoregressive(500, 0, 1))).toBe(1);
    expect(automaticBlockLength(new Float64Array(100))).toBe(1);
    expect(automaticBlockLength(new Float64Array())).toBe(1);
  });
});

describe('the stationary bootstrap', () => {
  test('draws the same days from every column, in blocks of the mean length', () => {
    const days = Float64Array.from({ length: 400 }, (_, day) => day);
    const bootstrap = stationaryBootstrap([days, days], { seed: 1, samples: 50, blockLength: 8 });
    let breaks = 0;
    bootstrap.forEachSample(([one, other]) => {
      expect(one).toEqual(other);
      breaks += one!.filter((day, index) => index > 0 && day !== (one![index - 1]! + 1) % 400).length;
    });
    expect((50 * 400) / breaks).toBeCloseTo(8, 0);
  });

  test('a block that never ends goes around all the days', () => {
    const days = Float64Array.from({ length: 30 }, (_, day) => day);
    const bootstrap = stationaryBootstrap([days], { seed: 1, samples: 5, blockLength: 1e9 });
    bootstrap.forEachSample(([drawn]) => expect(drawn!.toSorted()).toEqual(days));
  });

  test('refuses columns of different length', () => {
    expect(() => stationaryBootstrap([new Float64Array(3), new Float64Array(4)], { seed: 1 })).toThrow(
      RangeError,
    );
  });
});

describe('the interval of a Sharpe', () => {
  test('covers the true one for about 95 of 100 samples of normal returns', () => {
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const { low, high } = sharpeInterval(returnsOf(seed, 0.1), year, { seed, samples: 400 })!;
      return low <= 0.1 * Math.sqrt(year) && 0.1 * Math.sqrt(year) <= high;
    }).filter(Boolean);
    expect(covered.length).toBeGreaterThan(180);
    expect(covered.length).toBeLessThan(198);
  });

  test('is the same for the same seed', () => {
    const returns = returnsOf(1, 0.1);
    const [one, same, other] = [5, 5, 6].map((seed) => sharpeInterval(returns, year, { seed }));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  test.each([
    ['no days', []],
    ['one day', [0.1]],
    ['zeros', [0, 0, 0, 0, 0, 0]],
    // Every third sample misses the one day that varies.
    ['a single day that varies', [0, 0, 0, 0, 0, 0.1]],
  ])('is undefined for %s', (_, returns) => {
    expect(sharpeInterval(Float64Array.from(returns), year, { seed: 1 })).toBeNull();
  });
});

describe('the difference to a baseline', () => {
  test('of a run that earns a little more each day is certain, however wild the market', () => {
    const baseline = returnsOf(1, 0);
    const run = baseline.map((value) => value + 0.0001);
    const { sharpe, meanReturn } = differenceIntervals(run, baseline, year, { seed: 1 });
    expect(meanReturn!.low).toBeCloseTo(0.0001, 12);
    expect(meanReturn!.high).toBeCloseTo(0.0001, 12);
    expect(sharpe!.low).toBeGreaterThan(0);
  });

  test('of two runs worth the same holds 0', () => {
    const { sharpe, meanReturn } = differenceIntervals(returnsOf(1, 0.05), returnsOf(2, 0.05), year, {
      seed: 1,
    });
    for (const { low, high } of [sharpe!, meanReturn!]) expect(low < 0 && 0 < high).toBe(true);
  });

  test('has no Sharpe beside a baseline that stands still', () => {
    const { sharpe, meanReturn } = differenceIntervals(returnsOf(1, 0), new Float64Array(250), year, {
      seed: 1,
    });
    expect(sharpe).toBeNull();
    expect(meanReturn).not.toBeNull();
  });
});
