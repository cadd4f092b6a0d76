import { type CandleSeries, isoTime, OrreryError } from '../core/index.ts';

const columns = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;
const values = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The bars of both series of one symbol and interval; a bar in both must be the same in both.
 *
 * @throws OrreryError `candles-invalid` naming the first that differs, and `newcomer` as where the second comes from
 */
export function mergeCandles(series: CandleSeries, other: CandleSeries, newcomer: string): CandleSeries {
  const capacity = series.length + other.length;
  const merged = Object.fromEntries(columns.map((name) => [name, new Float64Array(capacity)]));
  let length = 0;
  const take = (from: CandleSeries, index: number) => {
    for (const name of columns) merged[name]![length] = from[name][index]!;
    length++;
  };
  for (let mine = 0, theirs = 0; mine < series.length || theirs < other.length; ) {
    const difference =
      (series.openTime[mine] ?? Number.POSITIVE_INFINITY) -
      (other.openTime[theirs] ?? Number.POSITIVE_INFINITY);
    if (difference === 0) refuseDifferent(series, mine, other, theirs, newcomer);
    if (difference <= 0) take(series, mine++);
    else take(other, theirs);
    if (difference >= 0) theirs++;
  }
  const [openTime, open, high, low, close, volume] = columns.map((name) => merged[name]!.slice(0, length));
  const { symbol, intervalMs } = series;
  return {
    ...{ symbol, intervalMs, length },
    ...{ openTime: openTime!, open: open!, high: high!, low: low!, close: close!, volume: volume! },
  };
}

function refuseDifferent(
  series: CandleSeries,
  mine: number,
  other: CandleSeries,
  theirs: number,
  newcomer: string,
): void {
  const field = values.find((name) => series[name][mine] !== other[name][theirs]);
  if (field === undefined) return;
  const at = isoTime(other.openTime[theirs]!);
  const message = `${newcomer}: the bar of ${at} differs from the one that is there: ${field} ${other[field][theirs]}, not ${series[field][mine]}`;
  throw new OrreryError('candles-invalid', message, {
    hint: `Import it under another symbol with --as, or forget what is stored first: orrery data remove ${series.symbol}.`,
  });
}
