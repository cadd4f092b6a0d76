import { describe, expect, test } from 'vitest';
import { createNormal, createRandom } from '../../core/index.ts';
import { type RandomEntryInput, randomEntry, type TimedTrade } from './index.ts';

function walk(bars: number, seed: number): Float64Array {
  const normal = createNormal(createRandom(seed));
  let price = 100;
  return Float64Array.from({ length: bars }, () => {
    price *= 1 + normal() / 100;
    return price;
  });
}

const long = (entryBar: number, exitBar: number): TimedTrade => ({
  entryBar,
  exitBar,
  direction: 1,
  fraction: 1,
});

const enter = (open: Float64Array, trades: readonly TimedTrade[], fields: Partial<RandomEntryInput> = {}) =>
  randomEntry({ open, close: open, trades, costPerSide: 0, seed: 1, ...fields });

describe('random entry', () => {
  // Bars open at 1, 2, 1, 1, 1: of four places for a trade of one bar, one doubles, one halves, two do nothing.
  test('gives a trade every place the same chance', () => {
    const result = enter(Float64Array.of(1, 2, 1, 1, 1), [long(0, 1)], { runs: 4000 })!;
    expect(result.returnPct).toBe(100);
    expect(result.pValue).toBeCloseTo(0.25, 1);
    expect(result.randomReturnPct).toEqual({ p5: -50, p50: 0, p95: 100 });
  });

  test('neither overlaps nor leaves the bars: what fills them all earns what holding does', () => {
    const open = walk(61, 3);
    const exits = [7, 8, 20, 40, 45, 60];
    const trades = exits.map((exit, index) => long(exits[index - 1] ?? 0, exit));
    const result = enter(open, trades)!;
    const held = (open[60]! / open[0]! - 1) * 100;
    for (const value of [result.returnPct, ...Object.values(result.randomReturnPct)]) {
      expect(value).toBeCloseTo(held, 9);
    }
    expect(result.pValue).toBe(1);
  });

  // Two trades fill the bars. The long first: twice 1, the short then changes nothing. The short first: ½, then no change.
  test('puts the trades in either order', () => {
    const short: TimedTrade = { entryBar: 1, exitBar: 3, direction: -1, fraction: 0.5 };
    const { randomReturnPct } = enter(Float64Array.of(1, 2, 2, 2), [long(0, 1), short])!;
    expect(randomReturnPct).toMatchObject({ p5: -50, p95: 100 });
  });

  test('gives a trade that ends on its entry bar that bar, from open to close', () => {
    const open = new Float64Array(5).fill(1);
    const close = Float64Array.of(1.1, 1.2, 1.3, 1.4, 9);
    const result = enter(
      open,
      [0, 1, 2, 3].map((bar) => long(bar, bar)),
      { close },
    )!;
    expect(result.returnPct).toBeCloseTo((1.1 * 1.2 * 1.3 * 1.4 - 1) * 100, 9);
    expect(result.randomReturnPct.p5).toBeCloseTo(result.returnPct, 9);
    expect(result.randomReturnPct.p95).toBeCloseTo(result.returnPct, 9);
  });

  test('charges what the trades were charged, on both sides', () => {
    const flat = new Float64Array(50).fill(100);
    const short: TimedTrade = { entryBar: 3, exitBar: 9, direction: -1, fraction: 0.5 };
    const result = enter(flat, [short, long(20, 20)], { costPerSide: 0.01 })!;
    expect(result.returnPct).toBeCloseTo((0.99 * 0.98 - 1) * 100, 9);
    expect(result.randomReturnPct.p5).toBeCloseTo(result.returnPct, 9);
    expect(result.pValue).toBe(1);
  });

  test('finds the moments worth something only where they are', () => {
    const open = walk(400, 5);
    const rises = [...open.keys()].filter((bar) => bar % 3 === 0 && open[bar + 1]! > open[bar]!);
    const seen = rises.slice(0, 60).map((bar) => long(bar, bar + 1));
    expect(enter(open, seen)!.pValue).toBe(1 / 1001);

    const blind = Array.from({ length: 100 }, (_, seed) => {
      const random = createRandom(seed + 1000);
      const trades = Array.from({ length: 20 }, (_, slot) =>
        long(slot * 19, slot * 19 + 1 + Math.floor(random() * 9)),
      );
      return enter(walk(400, seed), trades, { runs: 200, seed })!.pValue;
    });
    expect(blind.filter((pValue) => pValue <= 0.05).length).toBeLessThan(12);
    expect(blind.filter((pValue) => pValue > 0.5).length).toBeGreaterThan(30);
  });

  // In at 100, stopped at 90 inside the bar after, which opened at 130: from open to open it would have gained 30 %.
  test('takes a trade that left inside a bar for what it brought', () => {
    const open = Float64Array.of(100, 130, 80, 80, 80, 80);
    const stopped = { ...long(0, 2), earned: -0.1 };
    expect(enter(open, [stopped])!.returnPct).toBeCloseTo(-10, 12);
    expect(enter(open, [long(0, 1)])!.returnPct).toBeCloseTo(30, 12);
  });

  test('an account that a trade ruins stays ruined', () => {
    const open = Float64Array.of(1, 3, 3, 3, 9);
    const short: TimedTrade = { entryBar: 0, exitBar: 1, direction: -1, fraction: 1 };
    expect(enter(open, [long(3, 4), short])!.returnPct).toBe(-100);
  });

  test('is undefined without trades, and for positions side by side that fill more than there is', () => {
    const open = walk(20, 1);
    expect(enter(open, [])).toBeNull();
    expect(enter(open, [long(0, 15), long(1, 14)])).toBeNull();
  });

  test('refuses a trade that leaves the bars', () => {
    expect(() => enter(walk(20, 1), [long(3, 20)])).toThrow('a trade over bars 3 to 20 does not fit 20 bars');
  });
});
