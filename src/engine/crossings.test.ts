import { describe, expect, test } from 'vitest';
import { seriesOf } from '../../test/simulated-bars.ts';
import { Crossings } from './crossings.ts';
import { linesOf } from './lines.ts';

const crossingsOf = (
  closes: readonly number[],
  ties: 'remembered' | 'missed',
  level: readonly number[] = [],
) => {
  const series = seriesOf(closes.map((close) => [close, close, close, close]));
  const lines = level.length === 0 ? {} : { level: () => Float64Array.from(level) };
  return new Crossings(linesOf(lines, series), ties);
};

/** What passes there are of closes with a level that may be another at each bar. */
function signs(
  closes: readonly number[],
  level: readonly number[],
  ties: 'remembered' | 'missed' = 'remembered',
): readonly number[] {
  const crossings = crossingsOf(closes, ties);
  return closes.map((_, bar) => crossings.at('close', level[bar]!, bar));
}

const fixed = (level: number, bars: number) => new Array<number>(bars).fill(level);

describe('a level', () => {
  test.each<readonly [what: string, closes: readonly number[], level: readonly number[], readonly number[]]>([
    ['that stays is passed once each way', [9, 11, 12, 9], fixed(10, 4), [0, 1, 0, -1]],
    // The bar before is held against the level of today: yesterday's is not kept.
    ['that comes down below what did not move is not passed', [9, 9, 9], [10, 8, 8], [0, 0, 0]],
    ['that moves with the price is not passed', [9, 11, 13], [10, 12, 14], [0, 0, 0]],
    ['that rises is passed where both closes lie around that of today', [9, 11, 13], [8, 12, 12], [0, 0, 1]],
    ['that was far away and now lies between two closes', [9, 11, 9], [100, 10, 10], [0, 1, -1]],
    ['that nobody knows at a bar', [9, 11, 9], [10, Number.NaN, 10], [0, 0, -1]],
  ])('%s', (_, closes, level, expected) => {
    expect(signs(closes, level)).toEqual(expected);
  });

  test('is asked about twice at one bar, with another number each time', () => {
    const crossings = crossingsOf([9, 11, 13], 'remembered');
    expect([10, 12, 10].map((level) => crossings.at('close', level, 1))).toEqual([1, 0, 1]);
    expect([10, 12, 14].map((level) => crossings.at('close', level, 2))).toEqual([0, 1, 0]);
  });

  test('need not be asked about at every bar', () => {
    const crossings = crossingsOf([9, 11, 12, 9], 'remembered');
    expect([crossings.at('close', 10, 0), crossings.at('close', 10, 3)]).toEqual([0, -1]);
    // The bar before counts, not the last one asked about.
    expect(crossings.at('close', 10, 2)).toBe(0);
  });

  test.each([
    ['remembered', [0, 0, 0, 1]],
    ['missed', [0, 0, 0, 0]],
  ] as const)('on which the price pauses: ties are %s', (ties, expected) => {
    expect(signs([9, 10, 10, 11], fixed(10, 4), ties)).toEqual(expected);
  });
});

test.each([
  ['remembered', [0, 0, 1, 0, -1]],
  ['missed', [0, 0, 0, 0, -1]],
] as const)('a line that moves is held against itself bar by bar: ties are %s', (ties, expected) => {
  const closes = [9, 11, 13, 14, 11];
  const level = [10, 11, 12, 13, 12];
  const crossings = crossingsOf(closes, ties, level);
  expect(closes.map((_, bar) => crossings.at('close', 'level', bar))).toEqual(expected);
});
