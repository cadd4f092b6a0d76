import { expect, test } from 'vitest';
import { combinationAt, type SweepRange, sweepGrid } from './sweep-grid.ts';

const range = (name: string, from: number, to: number, step: number): SweepRange => ({
  name,
  from,
  to,
  step,
});
const valuesOf = (from: number, to: number, step: number) =>
  sweepGrid([range('a', from, to, step)], {}).axes[0]!.values;

test.each<[from: number, to: number, step: number, values: readonly number[]]>([
  [0.1, 0.5, 0.1, [0.1, 0.2, 0.3, 0.4, 0.5]],
  [5, 20, 5, [5, 10, 15, 20]],
  [1, 2, 0.4, [1, 1.4, 1.8]],
  [-0.2, 0.2, 0.1, [-0.2, -0.1, 0, 0.1, 0.2]],
  [1e-7, 3e-7, 1e-7, [1e-7, 2e-7, 3e-7]],
  [3, 3, 10, [3]],
])('from %d to %d by %d', (from, to, step, values) => {
  expect(valuesOf(from, to, step)).toEqual(values);
});

test('the last parameter changes fastest, and what is fixed stays', () => {
  const grid = sweepGrid([range('fast', 1, 2, 1), range('slow', 10, 30, 10)], { fast: 7, slow: 7, size: 0 });
  const all = Array.from({ length: grid.combinations }, (_, index) => combinationAt(grid, index));
  expect(all).toEqual([1, 2].flatMap((fast) => [10, 20, 30].map((slow) => ({ fast, slow, size: 0 }))));
});

test.each<[what: RegExp, ranges: readonly SweepRange[]]>([
  [/step is 0/, [range('a', 1, 5, 0)]],
  [/step is -1/, [range('a', 1, 5, -1)]],
  [/from 5 down to 1/, [range('a', 5, 1, 1)]],
  [/a is swept twice/, [range('a', 1, 5, 1), range('a', 1, 5, 1)]],
  [/1001000 combinations; at most 1000000/, [range('a', 1, 1000, 1), range('b', 1, 1001, 1)]],
  [/more digits/, [range('a', 1e-17, 1, 0.1)]],
])('refused: %s', (what, ranges) => {
  expect(() => sweepGrid(ranges, {})).toThrow(what);
});
