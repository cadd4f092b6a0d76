import { describe, expect, test } from 'vitest';
import { situationAt } from '../../test/decisions.ts';
import { type Cadence, isDue } from './cadence.ts';

const hour = 3_600_000;
const bars = (count: number): Cadence => ({ kind: 'bars', bars: count });
const duration = (hours: number): Cadence => ({ kind: 'duration', ms: hours * hour });

/** Indices of the first twelve bars on which an agent runs. Bar 0 opens at the epoch. */
function dueBars(cadence: Cadence, timeframe = '1h', barHours = 1): readonly number[] {
  return Array.from({ length: 12 }, (_, index) => index).filter((index) => {
    const at = (index + 1) * barHours * hour;
    return isDue(cadence, { ...situationAt(index, 'A', timeframe), at });
  });
}

describe('an agent is due', () => {
  test('every so many bars, counted from the first of the series', () => {
    expect(dueBars(bars(1))).toHaveLength(12);
    expect(dueBars(bars(5))).toEqual([0, 5, 10]);
  });

  test('on the bar in which the clock reaches a multiple of a duration', () => {
    // The bars that close at 4, 8 and 12 o'clock
    expect(dueBars(duration(4))).toEqual([3, 7, 11]);
    // Bars of 3 h close at 3, 6, 9, 12 …; 4, 8, 12, 16, 20 … fall into those that close at 6, 9, 12, 18, 21, 24 …
    expect(dueBars(duration(4), '3h', 3)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11]);
  });

  test('on every bar when the duration is not longer than one', () => {
    expect(dueBars(duration(1))).toHaveLength(12);
    expect(dueBars(duration(0.25))).toHaveLength(12);
    expect(dueBars(duration(4), '1d', 24)).toHaveLength(12);
  });
});
