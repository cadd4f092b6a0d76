import { z } from 'zod';
import { type CandleSeries, type JsonValue, OrreryError } from '../../core/index.ts';
import { checkShape } from '../../yaml/index.ts';

const price = z.number().positive().max(1e18).describe('a price > 0');
const candle = z.object({
  time: z
    .union([z.string(), z.number()])
    .describe('a time in ISO 8601, or seconds or milliseconds since 1970'),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: z.number().min(0).max(1e40).describe('a number ≥ 0').default(0),
});

type Candle = z.infer<typeof candle>;

/**
 * A series of a list of `{time, open, high, low, close, volume}`, oldest first; `time` is when a bar opens, and UTC unless it says
 * another zone. The bars' interval is the median distance of neighbours, as in files.
 * @throws OrreryError `candles-invalid` naming the first bar that cannot be used
 */
export function seriesOfList(value: JsonValue): CandleSeries {
  const candles = checkShape({
    ...{ value, where: 'candles', code: 'candles-invalid', schema: z.array(candle) },
    hint: 'Each is { time, open, high, low, close, volume }.',
  });
  if (candles.length < 2) {
    throw new OrreryError(
      'candles-invalid',
      `candles: ${candles.length} of them, so that their interval cannot be measured`,
      { hint: 'Give it at least two.' },
    );
  }
  const openTime = Float64Array.from(candles, ({ time }, index) => openTimeOf(time, index));
  candles.forEach((bar, index) => {
    checkBar(bar, index, openTime);
  });
  const column = (name: 'open' | 'high' | 'low' | 'close' | 'volume') =>
    Float64Array.from(candles, (bar) => bar[name]);
  return {
    ...{ symbol: 'candles', intervalMs: medianDistance(openTime), length: candles.length, openTime },
    ...{ open: column('open'), high: column('high'), low: column('low') },
    ...{ close: column('close'), volume: column('volume') },
  };
}

function checkBar({ open, high, low, close }: Candle, index: number, openTime: Float64Array): void {
  const slack = high * 1e-9;
  if (low > high || Math.max(open, close) > high + slack || Math.min(open, close) < low - slack) {
    throw refuse(index, 'its high and low do not hold its open and close', 'Correct or remove it.');
  }
  if (index > 0 && openTime[index]! <= openTime[index - 1]!) {
    throw refuse(index, 'it is not later than the one before', 'Sort them oldest first, each time once.');
  }
}

const written = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

function openTimeOf(time: string | number, index: number): number {
  const at = typeof time === 'number' ? epochMs(time) : writtenMs(time);
  if (Number.isFinite(at)) return at;
  throw refuse(index, `${JSON.stringify(time).slice(0, 60)} is not a time we know`, 'Write it in ISO 8601.');
}

/** Seconds until the year 5138, milliseconds from 1973 on. */
function epochMs(time: number): number {
  if (Math.abs(time) < 1e11) return time * 1_000;
  return Math.abs(time) < 1e14 ? time : Number.NaN;
}

function writtenMs(time: string): number {
  const match = written.exec(time.trim());
  if (match === null) return Number.NaN;
  const unzoned = match[0].length > 10 && match.groups?.['zone'] === undefined;
  return Date.parse(match[0].replace(' ', 'T') + (unzoned ? 'Z' : ''));
}

function medianDistance(openTime: Float64Array): number {
  const distances = openTime.slice(1).map((time, index) => time - openTime[index]!);
  return distances.sort()[(distances.length - 1) >> 1]!;
}

function refuse(index: number, why: string, hint: string): OrreryError {
  return new OrreryError('candles-invalid', `candles[${index}]: ${why}`, { hint });
}
