import type { CandleSeries } from '../core/index.ts';
import { askedOf, type Played } from './check-asks.ts';
import { type CheckedLine, type CheckFinding, findingAt } from './check-finding.ts';
import { evenly, stretchOf } from './check-futures.ts';
import type { Market } from './timeline.ts';

/** Starts that are tried, spread over the candles. */
const tries = 12;
/** What a line may be off by, as a share of its usual size. */
const tolerance = 0.01;
/** Bars after a start whose orders are compared. */
const stretch = 500;
/** Share of them that may be others, since a first cross or two may fall on another bar; and what makes results worthless. */
const bearable = 0.1;
const ruinous = 0.5;
/** So many times the history it has itself is what a line is measured by; less would say little. */
const longHistory = 4;

/**
 * Finds lines that are believed too early. A strategy that first decides at bar `history` is begun anew at places where
 * more candles lie behind it. A line is reported when, with `history` bars only, it is off by more than 1 % of its usual
 * size, and more than a tenth of the first orders are others than with all history: a difference that changes nothing is
 * none. It is a fault when more than half are others. All are medians over the starts. Says nothing where the candles
 * are too few to tell.
 */
export function findShortWarmUp(
  played: Played,
  lines: readonly CheckedLine[],
  market: Market,
  history: number,
): readonly CheckFinding[] {
  const { series } = market;
  const starts = chooseStarts(history, series.length);
  if (starts.length === 0) return [];
  const early = lines.flatMap((line) => {
    const known = line.compute(stretchOf(series, 0, series.length)).slice();
    const offBy = (bars: number) => deviation(line, known, series, starts, bars);
    return offBy(history) > tolerance ? [{ name: line.name, offBy }] : [];
  });
  if (early.length === 0) return [];
  const changed = median(starts.map((start) => changedOrders(played, market, start, history)));
  if (changed <= bearable) return [];
  const severity = changed > ruinous ? 'fault' : 'note';
  return early.map(({ name, offBy }) => {
    const off = `off by ${percent(offBy(history))} at the first decision for want of history`;
    const effect = `with all history, ${percent(changed)} of the orders in the first ${stretch} bars are others`;
    const detail = `${off}; ${effect}; ${cure(offBy, history, starts[0]!)}`;
    return findingAt(series, history, { kind: 'warm-up', subject: name, detail, severity });
  });
}

function chooseStarts(history: number, length: number): readonly number[] {
  const least = Math.max(longHistory * history, Math.floor(length / 4));
  const most = length - stretch;
  return most - least < tries ? [] : evenly(tries, most - least).map((step) => least + step);
}

/** Median over the starts: what few bars make of the line against what all bars do. Infinite where they make nothing. */
function deviation(
  { compute }: CheckedLine,
  known: Float64Array,
  series: CandleSeries,
  starts: readonly number[],
  history: number,
): number {
  const finite = known.filter(Number.isFinite);
  const size = finite.reduce((sum, value) => sum + Math.abs(value), 0) / finite.length;
  const deviations = starts.map((start) => {
    const short = compute(stretchOf(series, start - history, start + 1))[history]!;
    if (Object.is(short, known[start])) return 0;
    const difference = Math.abs(short - known[start]!) / size;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  });
  return median(deviations);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** Share of the orders of the first bars that only one of the two asks for: begun with little history, and with all. */
function changedOrders(
  played: Played,
  { series, ...market }: Market,
  start: number,
  history: number,
): number {
  const orders = (from: number): Set<string> => {
    const candles = stretchOf(series, from, start + stretch);
    const stretched = { ...market, series: candles, from: start - from, to: candles.length };
    return new Set(askedOf(played, stretched).asks.map(({ bar, verb }) => `${bar + from} ${verb}`));
  };
  const [short, long] = [orders(start - history), orders(0)];
  const common = [...short].filter((order) => long.has(order)).length;
  const either = short.size + long.size - common;
  return either === 0 ? 0 : 1 - common / either;
}

function cure(offBy: (bars: number) => number, history: number, most: number): string {
  for (let bars = 2 * history; bars <= most; bars *= 2) {
    if (offBy(bars) > tolerance) continue;
    return `about ${bars - history} more bars settle it: begin later (--from), or leave the line unknown (NaN) for longer`;
  }
  return 'more history does not settle it: the value depends on where the candles begin';
}
