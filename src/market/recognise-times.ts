import { dayMs, OrreryError } from '../core/index.ts';
import { epochUnit, showOffset, type TimeFormat, utcOffset, wallTime } from './candle-time.ts';
import { readDecimal } from './csv-number.ts';
import { showText } from './csv-row.ts';

/** Nothing behind this many rows is looked at here, so that a changed future never changes how the past is read. */
export const recognisedRows = 1_000;

/** A time as it stands in a file. */
export interface TimeField {
  readonly line: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A time as read: `wall` is what the author's clock showed as if it ran in UTC, `offset` how far it was ahead; both ms. */
export interface Stamp {
  readonly wall: number;
  readonly offset: number;
}

/** What the times of the first rows tell. */
export interface MeasuredTimes {
  /** `UTC` or the offsets seen, such as `-05:00, -04:00`. */
  readonly timezone: string;
  /** Median distance of neighbouring bars in whole seconds; null when no two times differ. */
  readonly intervalMs: number | null;
  /** Some bar shorter than a week carries the date of a Saturday or Sunday. */
  readonly weekendBars: boolean;
}

/**
 * @throws OrreryError `candles-unrecognised` when these are no times we know, or those of ticks; `candles-invalid` when
 * there are none.
 */
export function recogniseTimes(
  file: string,
  fields: readonly TimeField[],
): MeasuredTimes & { readonly time: TimeFormat } {
  const [first] = fields;
  if (!first) throw refuseNoRows(file);
  const time = recogniseTimeFormat(fields);
  if (!time) {
    const shown = showText(first.bytes, first.start, first.end);
    throw refuseTime(`${file}, line ${first.line}`, shown);
  }
  return { time, ...measureTimes(file, readStamps(time, fields)) };
}

export function readStamps(time: TimeFormat, fields: readonly TimeField[]): Stamp[] {
  return fields.map(({ bytes, start, end }) => ({
    wall: wallTime(time, bytes, start, end),
    offset: utcOffset(time, bytes, start, end),
  }));
}

export function refuseNoRows(file: string, what = 'has a header but no rows'): OrreryError {
  return new OrreryError('candles-invalid', `${file} ${what}`, {
    hint: 'Check that the export or download was complete.',
  });
}

const forms =
  'Use ISO 8601, YYYY-MM-DD, YYYY-MM-DD HH:mm[:ss], or seconds, milliseconds or microseconds since 1970.';

export function refuseTime(where: string, shown: string, hint = forms): OrreryError {
  return new OrreryError('candles-unrecognised', `${where}: ${shown} is not a time we know`, { hint });
}

/** The format of most rows, so that a damaged one is reported as such and does not decide. */
function recogniseTimeFormat(fields: readonly TimeField[]): TimeFormat | null {
  const written: TimeFormat = { kind: 'written' };
  const numbers: number[] = [];
  let dates = 0;
  for (const { bytes, start, end } of fields) {
    const number = readDecimal(bytes, start, end);
    if (!Number.isNaN(number)) numbers.push(Math.abs(number));
    else if (!Number.isNaN(wallTime(written, bytes, start, end))) dates++;
  }
  if (dates >= numbers.length) return dates > 0 ? written : null;
  const unit = epochUnit(median(numbers));
  return unit && { kind: 'epoch', unit };
}

/** @throws OrreryError `candles-unrecognised` when these are the times of ticks */
export function measureTimes(file: string, stamps: readonly Stamp[]): MeasuredTimes {
  const zones = new Set<string>();
  const steps: number[] = [];
  let weekend = false;
  let previous = Number.NaN;
  for (const { wall, offset } of stamps) {
    const instant = wall - offset;
    if (Number.isNaN(instant)) continue;
    zones.add(showOffset(offset));
    weekend ||= isWeekend(wall);
    const difference = Math.abs(instant - previous);
    if (difference > 0) steps.push(difference);
    previous = instant;
  }
  const step = steps.length === 0 ? null : median(steps);
  if (step !== null && step < 1_000) {
    throw new OrreryError('candles-unrecognised', `${file}: rows are less than a second apart`, {
      hint: 'These are ticks rather than candles; bars of one second and longer can be read.',
    });
  }
  const intervalMs = step === null ? null : Math.round(step / 1_000) * 1_000;
  return {
    timezone: [...zones].join(', '),
    intervalMs,
    // A week or month is stamped with whatever day it begins on.
    weekendBars: weekend && (intervalMs ?? 0) < 7 * dayMs,
  };
}

/** Day 0 was a Thursday. */
function isWeekend(wall: number): boolean {
  const day = (((Math.floor(wall / dayMs) + 4) % 7) + 7) % 7;
  return day === 0 || day === 6;
}

/** The lower of the two middle values, so that it is one that occurs. */
export function median(values: readonly number[]): number {
  return Float64Array.from(values).sort()[(values.length - 1) >> 1]!;
}
