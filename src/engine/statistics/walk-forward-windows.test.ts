import { describe, expect, test } from 'vitest';
import { walkForwardWindows } from './index.ts';

const rolling = { train: 4, test: 2, embargo: 1 };

describe('walk-forward windows', () => {
  test('roll on by a test, with the embargo between learning and judging', () => {
    expect(walkForwardWindows(11, rolling)).toEqual([
      { train: { from: 0, to: 4 }, test: { from: 5, to: 7 } },
      { train: { from: 2, to: 6 }, test: { from: 7, to: 9 } },
      { train: { from: 4, to: 8 }, test: { from: 9, to: 11 } },
    ]);
  });

  test('learn from everything before when anchored', () => {
    expect(walkForwardWindows(10, { ...rolling, anchored: true })).toEqual([
      { train: { from: 0, to: 4 }, test: { from: 5, to: 7 } },
      { train: { from: 0, to: 6 }, test: { from: 7, to: 9 } },
    ]);
  });

  test('are none where the bars do not fill one', () => {
    expect(walkForwardWindows(7, rolling)).toHaveLength(1);
    expect(walkForwardWindows(6, rolling)).toEqual([]);
  });

  test.each([{ train: 0 }, { test: 1.5 }, { embargo: -1 }])('refuse %o', (fields) => {
    expect(() => walkForwardWindows(100, { ...rolling, ...fields })).toThrow(RangeError);
  });
});
