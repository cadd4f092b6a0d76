import { expect, test } from 'vitest';
import { failedTrial, type SweepRow } from '../engine/index.ts';
import { renderHeatMap } from './render-heat-map.ts';
import type { Terminal } from './terminal.ts';

const plain: Terminal = { interactive: true, columns: 80, color: false, unicode: true };

function mapOf(height: number, width: number, sharpe: (row: number, column: number) => number | null) {
  const values = (length: number) => Array.from({ length }, (_, at) => at + 1);
  const results = values(height).flatMap((row) =>
    values(width).map((column): SweepRow => {
      const { row: failed } = failedTrial({ row, column }, 'no');
      return { ...failed, sharpe: sharpe(row, column) };
    }),
  );
  const best = results.reduce((most, one) => ((one.sharpe ?? -9) > (most.sharpe ?? -9) ? one : most));
  return {
    rows: { name: 'fast', values: values(height) },
    columns: { name: 'slow', values: values(width) },
    results,
    best,
  };
}

test('a number in each cell, the best marked, a dash for what has none', () => {
  const map = mapOf(2, 3, (row, column) => (row === 2 && column === 1 ? null : column - row * 0.5));
  expect(renderHeatMap(map, plain).split('\n')).toEqual([
    'sharpe by fast (down) and slow (across), * the best',
    '',
    '        1     2     3',
    '   1 0.50  1.50  2.50*',
    '   2    –  1.00  2.00',
  ]);
});

test('what is too large becomes means of neighbours, and says so', () => {
  const text = renderHeatMap(
    mapOf(40, 40, () => 1),
    { ...plain, columns: 60 },
  );
  const lines = text.split('\n');
  expect(text.replace(/\s+/g, ' ')).toContain('a cell is the mean of 2 values of fast and 5 values of slow');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines.length).toBeLessThan(30);
});

test('colours are of the sixteen, symmetric about 0', () => {
  const text = renderHeatMap(
    mapOf(1, 4, (_, column) => [-2, -0.5, 0.5, 2][column - 1]!),
    { ...plain, color: true },
  );
  expect(
    text
      .split('\x1b[')
      .map((part) => part.slice(0, part.indexOf('m')))
      .filter((code) => /^[1-9][\d;]*$/.test(code)),
  ).toEqual(['30;43', '33', '34', '97;44']);
  expect(text).toContain('filled from 1.00 on either side');
});
