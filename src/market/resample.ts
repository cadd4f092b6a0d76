import { type CandleSeries, isoTime, OrreryError, timeframeOf } from '../core/index.ts';

/**
 * Longer bars from shorter ones: open of the first, highest high, lowest low, close of the last, sum of the volumes.
 * They begin at whole multiples of `intervalMs` since 1970, days therefore at 00:00 UTC. A stretch without a bar stays a
 * hole; the last one is left out unless the series reaches its end.
 *
 * @throws OrreryError `usage-invalid` unless `intervalMs` is a multiple of the series' interval; `candles-invalid` for a
 * bar that reaches over the end of the longer one, which would know the future
 */
export function resample(series: CandleSeries, intervalMs: number): CandleSeries {
  const { length, openTime } = series;
  if (intervalMs === series.intervalMs) return series;
  refuseFraction(series, intervalMs);
  const starts: number[] = [];
  for (let index = 0; index < length; index++) {
    const bucket = bucketOf(openTime[index]!, intervalMs);
    if (openTime[index]! + series.intervalMs > bucket + intervalMs)
      throw refuseReaching(series, index, intervalMs);
    if (starts.length === 0 || bucket > bucketOf(openTime[starts.at(-1)!]!, intervalMs)) starts.push(index);
  }
  const reached = length === 0 ? 0 : openTime[length - 1]! + series.intervalMs;
  const whole = starts.filter((start) => bucketOf(openTime[start]!, intervalMs) + intervalMs <= reached);
  const endOf = (place: number) => starts[place + 1] ?? length;
  const column = (pick: (start: number, end: number) => number) =>
    Float64Array.from(whole, (start, place) => pick(start, endOf(place)));
  return {
    symbol: series.symbol,
    intervalMs,
    length: whole.length,
    openTime: column((start) => bucketOf(openTime[start]!, intervalMs)),
    open: column((start) => series.open[start]!),
    high: column((start, end) => fold(series.high, start, end, Math.max)),
    low: column((start, end) => fold(series.low, start, end, Math.min)),
    close: column((_, end) => series.close[end - 1]!),
    volume: column((start, end) => fold(series.volume, start, end, (sum, value) => sum + value)),
  };
}

function bucketOf(time: number, intervalMs: number): number {
  return Math.floor(time / intervalMs) * intervalMs;
}

function fold(
  values: Float64Array,
  start: number,
  end: number,
  join: (one: number, other: number) => number,
): number {
  let result = values[start]!;
  for (let index = start + 1; index < end; index++) result = join(result, values[index]!);
  return result;
}

function refuseFraction(series: CandleSeries, intervalMs: number): void {
  if (intervalMs % series.intervalMs === 0) return;
  const message = `${series.symbol}: bars of ${timeframeOf(series.intervalMs)} do not make bars of ${timeframeOf(intervalMs)}`;
  throw new OrreryError('usage-invalid', message, {
    hint: `Choose a multiple of ${timeframeOf(series.intervalMs)}.`,
  });
}

function refuseReaching(series: CandleSeries, index: number, intervalMs: number): OrreryError {
  const at = isoTime(series.openTime[index]!);
  const message = `${series.symbol}: the bar of ${at} reaches over the end of a bar of ${timeframeOf(intervalMs)}`;
  return new OrreryError('candles-invalid', message, {
    hint: 'Bars that do not begin at whole multiples of their length since 1970 cannot be put together.',
  });
}
