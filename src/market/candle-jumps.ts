import type { CandleProblemList } from './candle-problems.ts';
import type { CandleRows } from './candle-rows.ts';

/** Share of the price; a smaller move is no common split, and no wrong price that matters. */
const smallestMove = 0.25;
const recentMoves = 50;
/** Before that nobody knows what is ordinary here. */
const fewestMoves = 5;
/** A crash comes among large moves, a split or a wrong price among ordinary ones. */
const outOfLine = 10;

/**
 * Reports a move from the close before to the open or close that is over 25 %, and more than ten times the mean size of
 * the last 50 close-to-close moves, as logarithms. An unadjusted 3:2 split or a misplaced decimal point is seen; the worst
 * hours of BTC (2020-03-12, 20 %) are not.
 */
export function reportJumps(rows: CandleRows, problems: CandleProblemList): void {
  const recent: number[] = [];
  let sum = 0;
  for (let index = 1; index < rows.length; index++) {
    const before = rows.close[index - 1]!;
    const toOpen = Math.abs(Math.log(rows.open[index]! / before));
    const toClose = Math.abs(Math.log(rows.close[index]! / before));
    if (!Number.isFinite(toOpen) || !Number.isFinite(toClose)) continue;
    const after = toOpen > toClose ? rows.open[index]! : rows.close[index]!;
    const usual = recent.length >= fewestMoves ? sum / recent.length : Number.POSITIVE_INFINITY;
    if (Math.abs(after / before - 1) > smallestMove && Math.max(toOpen, toClose) > outOfLine * usual) {
      const factor = (after / before).toPrecision(3);
      const detail = `price goes from ${before} to ${after}, a factor of ${factor}: a split, or a wrong price?`;
      problems.addReported('jump', rows.line[index]!, rows.openTime[index]!, detail);
      // What was just called out of line shall not hide the next one.
      continue;
    }
    recent.push(toClose);
    sum += toClose;
    if (recent.length > recentMoves) sum -= recent.shift()!;
  }
}
