import { dayMs, type EpochMs } from '../core/index.ts';
import { readDecimal } from './csv-number.ts';
import { newYorkOffset } from './new-york-time.ts';

/** Whose clock a time without a zone was read from. */
export type Clock = 'UTC' | 'New York';

/**
 * How a file writes its times. `written` is ISO 8601 or `YYYY-MM-DD[ HH:mm[:ss]]`, zone optional; `epoch` counts from
 * 1970 UTC; `compact` is `YYYYMMDD HH:mm[:ss]`; `since-midnight` counts milliseconds of the one day `date`, its 00:00 as
 * if the clock's zone were UTC.
 */
export type TimeFormat =
  | { readonly kind: 'written' }
  | { readonly kind: 'epoch'; readonly unit: 's' | 'ms' | 'µs' }
  | { readonly kind: 'compact'; readonly clock: Clock }
  | { readonly kind: 'since-midnight'; readonly date: EpochMs; readonly clock: Clock };

const colon = 0x3a;
const plus = 0x2b;
const minus = 0x2d;
const msPerUnit = { s: 1_000, ms: 1, µs: 0.001 } as const;
/** Years outside of this are misread units or typing errors, not markets. */
const earliest = Date.UTC(1800, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/**
 * The unit of epoch stamps of the typical magnitude `size`; null when it is none of the three. Below 1e8 s (1973) a number
 * is rather a row number, a date without dashes or milliseconds since midnight.
 */
export function epochUnit(size: number): 's' | 'ms' | 'µs' | null {
  if (size < 1e8) return null;
  if (size < 1e11) return 's';
  if (size < 1e14) return 'ms';
  return size < 1e17 ? 'µs' : null;
}

/**
 * What a clock on the wall of the file's author showed, as if that zone were UTC: milliseconds since 1970.
 * NaN when `bytes[start, end)` is no time in this format. The instant is this minus {@link utcOffset}.
 */
export function wallTime(format: TimeFormat, bytes: Buffer, start: number, end: number): number {
  const time = readTime(format, bytes, start, end);
  return time >= earliest && time < latest ? time : Number.NaN;
}

function readTime(format: TimeFormat, bytes: Buffer, start: number, end: number): number {
  switch (format.kind) {
    case 'epoch':
      return Math.round(readDecimal(bytes, start, end) * msPerUnit[format.unit]);
    case 'compact':
      return compactTime(bytes, start, end);
    case 'since-midnight':
      return format.date + timeSinceMidnight(readDecimal(bytes, start, end));
    case 'written':
      return writtenTime(bytes, start, zoneStart(bytes, start, end));
  }
}

/** Milliseconds that the zone written behind the time is ahead of UTC; 0 without one, NaN when it cannot be read. */
export function utcOffset(format: TimeFormat, bytes: Buffer, start: number, end: number): number {
  if (format.kind === 'epoch') return 0;
  if (format.kind !== 'written')
    return format.clock === 'UTC' ? 0 : newYorkOffset(wallTime(format, bytes, start, end));
  let zone = zoneStart(bytes, start, end);
  if (zone === end) return 0;
  if (bytes[zone] === 0x20) zone++;
  const sign = bytes[zone];
  if (sign !== plus && sign !== minus) return isUtcName(bytes, zone, end) ? 0 : Number.NaN;
  const length = end - zone;
  const colons = length === 6 && bytes[zone + 3] === colon ? 1 : 0;
  if (length !== 3 && length !== 5 + colons) return Number.NaN;
  const hours = digits(bytes, zone + 1, 2);
  const minutes = length === 3 ? 0 : digits(bytes, zone + 3 + colons, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  return (hours * 60 + minutes) * (sign === minus ? -60_000 : 60_000);
}

function isUtcName(bytes: Buffer, start: number, end: number): boolean {
  const text = bytes.toString('latin1', start, Math.min(end, start + 4)).toUpperCase();
  return text === 'Z' || text === 'UTC';
}

/** `UTC`, `-05:00`, … */
export function showOffset(offsetMs: number): string {
  if (offsetMs === 0) return 'UTC';
  const minutes = Math.abs(offsetMs) / 60_000;
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A zone can only follow the ten characters of the date, whose dashes must not be taken for a sign. */
function zoneStart(bytes: Buffer, start: number, end: number): number {
  for (let position = start + 10; position < end; position++) {
    const code = bytes[position]!;
    const letter = code | 0x20;
    if (code === plus || code === minus || letter === 0x7a || letter === 0x75) {
      return bytes[position - 1] === 0x20 ? position - 1 : position;
    }
  }
  return end;
}

function writtenTime(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length < 10 || bytes[start + 4] !== minus || bytes[start + 7] !== minus) return Number.NaN;
  const date = calendarDate(
    digits(bytes, start, 4),
    digits(bytes, start + 5, 2),
    digits(bytes, start + 8, 2),
  );
  if (length === 10) return date;
  const separator = bytes[start + 10]!;
  return separator === 0x20 || (separator | 0x20) === 0x74
    ? date + timeOfDay(bytes, start + 11, end)
    : Number.NaN;
}

function compactTime(bytes: Buffer, start: number, end: number): number {
  const date = calendarDate(
    digits(bytes, start, 4),
    digits(bytes, start + 4, 2),
    digits(bytes, start + 6, 2),
  );
  return bytes[start + 8] === 0x20 ? date + timeOfDay(bytes, start + 9, end) : Number.NaN;
}

function timeSinceMidnight(ms: number): number {
  return ms >= 0 && ms < dayMs ? Math.round(ms) : Number.NaN;
}

function calendarDate(year: number, month: number, day: number): number {
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN;
  return Date.UTC(year, month - 1, day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `HH:mm`, `HH:mm:ss` or `HH:mm:ss.f…` in milliseconds. */
function timeOfDay(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if ((length !== 5 && length < 8) || bytes[start + 2] !== colon) return Number.NaN;
  const hours = digits(bytes, start, 2);
  const minutes = digits(bytes, start + 3, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  const wholeMinutes = (hours * 60 + minutes) * 60_000;
  if (length === 5) return wholeMinutes;
  const seconds = digits(bytes, start + 6, 2);
  if (bytes[start + 5] !== colon || seconds < 0 || seconds > 59) return Number.NaN;
  return wholeMinutes + seconds * 1_000 + (length === 8 ? 0 : fraction(bytes, start + 8, end));
}

/** `.5` is 500 ms, `.123456` is 123 ms. */
function fraction(bytes: Buffer, start: number, end: number): number {
  const count = end - start - 1;
  if (bytes[start] !== 0x2e || count < 1 || digits(bytes, start + 1, count) < 0) return Number.NaN;
  return Number(bytes.toString('latin1', start + 1, Math.min(end, start + 4)).padEnd(3, '0'));
}

/** The number in `count` digits, or -1 when one of them is none. */
function digits(bytes: Buffer, start: number, count: number): number {
  let value = 0;
  for (let position = start; position < start + count; position++) {
    const digit = bytes[position]! - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
