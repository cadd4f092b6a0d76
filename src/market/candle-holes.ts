import { type AssetClass, dayMs, type EpochMs, isoTime } from '../core/index.ts';
import type { CandleProblemList } from './candle-problems.ts';
import type { CandleRows } from './candle-rows.ts';

/** The longest that exchanges close for holidays in ordinary years; longer ones (2001-09-11) deserve a line. */
const longestClosureMs = 5 * dayMs;

/**
 * Reports missing bars. A market that never closes misses one wherever the distance of two bars has room for another
 * (1.5 intervals: months differ in length). A stock exchange closes, so daily bars may lie up to 5 days apart; within
 * one written date a bar is missing unless most days have a break at that time (the night in extended hours, a lunch
 * break). Between dates 5 days hold again.
 */
export function reportHoles(
  rows: CandleRows,
  intervalMs: number,
  assetClass: AssetClass,
  problems: CandleProblemList,
): void {
  const room = 1.5 * intervalMs;
  const intraday = intervalMs < dayMs;
  const breaks = assetClass === 'equity' && intraday ? findBreaks(rows, room) : new Set<number>();
  let latest = 0;
  for (let index = 1; index < rows.length; index++) {
    const before = rows.openTime[latest]!;
    const step = rows.openTime[index]! - before;
    const sameDay = rows.writtenDay[index] === rows.writtenDay[latest];
    // Where a row between could not be read, that is what is reported.
    const unread = rows.rowCount > rows.length && rows.line[index]! > rows.line[index - 1]! + 1;
    const insideDay = intraday && sameDay && !breaks.has(before % dayMs);
    if (step > 0) latest = index;
    if (step < room || unread) continue;
    if (assetClass === 'equity' && step <= longestClosureMs && !insideDay) continue;
    const counted = assetClass === 'crypto' || sameDay;
    const missing = counted ? countMissing(Math.round(step / intervalMs) - 1) : null;
    const detail = holeInWords(before, step, missing);
    problems.addReported('hole', rows.line[index]!, rows.openTime[index]!, detail);
  }
}

/** Times of day (UTC) whose bar is the last before a gap on more than half of its days. */
function findBreaks(rows: CandleRows, room: number): Set<number> {
  const seen = new Map<number, { gaps: number; bars: number }>();
  for (let index = 1; index < rows.length; index++) {
    const timeOfDay = rows.openTime[index - 1]! % dayMs;
    const count = seen.get(timeOfDay) ?? { gaps: 0, bars: 0 };
    count.bars++;
    if (rows.openTime[index]! - rows.openTime[index - 1]! >= room) count.gaps++;
    seen.set(timeOfDay, count);
  }
  // Once is not yet a habit.
  const usual = [...seen].filter(([, { gaps, bars }]) => gaps > 1 && gaps * 2 > bars);
  return new Set(usual.map(([timeOfDay]) => timeOfDay));
}

/** In days wherever it lasts some, as everywhere else that holes are spoken of. */
function holeInWords(before: EpochMs, lastingMs: number, missing: string | null): string {
  const after = isoTime(before);
  if (missing !== null && lastingMs < 2 * dayMs) return `${missing} after ${after}`;
  const days = `no bar for ${Math.round(lastingMs / dayMs)} days after ${after}`;
  return missing === null ? days : `${days}, ${missing}`;
}

function countMissing(bars: number): string {
  return bars === 1 ? '1 bar missing' : `${bars} bars missing`;
}
