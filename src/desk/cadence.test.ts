import { describe, expect, test } from 'vitest';
import { type Cadence, isDue } from './cadence.ts';

const hour = 3_600_000;
const bars = (count: number): Cadence => ({ kind: 'bars', bars: count });
const duration = (hours: number): Cadence => ({ kind: 'duration', ms: hours * hour });

/** Indices of the first twelve bars on which an agent runs. Bar 0 opens at the epoch. */
function dueBars(cadence: Cadence, barHours = 1): readonly number[] {
  const closes = Array.from({ length: 12 }, (_, index) => ({ index, at: (index + 1) * barHours * hour }));
  let last = { index: -1, at: 0 };
  return closes.flatMap((now) => {
    if (!isDue(cadence, now, last)) return [];
    last = now;
    return [now.index];
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
    expect(dueBars(duration(4), 3)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11]);
  });

  test('at the first bar after a gap that swallowed a multiple', () => {
    const friday = { index: 6, at: 20 * hour };
    const monday = { index: 7, at: 87 * hour };
    expect(isDue(duration(4), monday, friday)).toBe(true);
    expect(isDue(duration(72), monday, friday)).toBe(true);
    expect(isDue(duration(72), { index: 7, at: 71 * hour }, friday)).toBe(false);
  });

  test('on every bar when the duration is not longer than one', () => {
    expect(dueBars(duration(1))).toHaveLength(12);
    expect(dueBars(duration(0.25))).toHaveLength(12);
    expect(dueBars(duration(4), 24)).toHaveLength(12);
  });
});
