import { type CandleSeries, isoTime } from '../core/index.ts';
import { type CheckedLine, type CheckFinding, findingAt } from './check-finding.ts';
import { stretchOf, strikeOut, unknownFutures } from './check-futures.ts';

/**
 * Computes each line with all candles, and at every cut without those behind it and with others in their place. Values
 * before the cut must be the same to the last bit.
 */
export function findPeekingLines(
  lines: readonly CheckedLine[],
  series: CandleSeries,
  cuts: readonly number[],
): readonly CheckFinding[] {
  return lines.flatMap((line) => {
    const known = valuesOf(line, stretchOf(series, 0, series.length));
    const again = firstDifference(known, valuesOf(line, stretchOf(series, 0, series.length)), series.length);
    const differences =
      again < 0
        ? cuts.flatMap((cut) => behind(line, known, series, cut))
        : [{ bar: again, detail: unsteady }];
    const [earliest, ...others] = differences;
    if (earliest === undefined) return [];
    const { bar, detail } = others.reduce((first, one) => (one.bar < first.bar ? one : first), earliest);
    return [findingAt(series, bar, { kind: 'look-ahead', subject: line.name, detail })];
  });
}

interface Difference {
  readonly bar: number;
  readonly detail: string;
}

const unsteady =
  'computed twice from the same candles, the value differs: the line keeps something from one time to the next, or draws lots';

function behind(
  line: CheckedLine,
  known: Float64Array,
  series: CandleSeries,
  cut: number,
): readonly Difference[] {
  const where = isoTime(series.openTime[cut]!);
  return unknownFutures.flatMap((future) => {
    const { words } = future;
    const candles = future.behind(series, cut);
    let values: Float64Array;
    try {
      values = valuesOf(line, candles);
    } catch (thrown) {
      const said = thrown instanceof Error ? thrown.message : String(thrown);
      return [
        { bar: cut - 1, detail: `cannot be computed when what follows from ${where} on ${words}: ${said}` },
      ];
    }
    if (values.length > candles.length) {
      const detail = `gives ${values.length} values for ${candles.length} candles, so it knows bars it was not given`;
      return [{ bar: cut, detail }];
    }
    const bar = firstDifference(known, values, cut);
    if (bar < 0) return [];
    const change = `${known[bar]} becomes ${values[bar]} when what follows from ${where} on ${words}`;
    return [{ bar, detail: `the value depends on later bars: ${change}` }];
  });
}

/** A copy: a line may hand out the very column of the candles, which are struck out. */
function valuesOf({ compute }: CheckedLine, candles: CandleSeries): Float64Array {
  const values = compute(candles).slice();
  strikeOut(candles);
  return values;
}

/** Among the first `end` values; −1 for none. What is unknown in both is the same. */
function firstDifference(one: Float64Array, other: Float64Array, end: number): number {
  for (let bar = 0; bar < end; bar++) if (!Object.is(one[bar], other[bar])) return bar;
  return -1;
}
