import { dayMs, OrreryError } from '../core/index.ts';
import { epochUnit, showOffset, type TimeFormat, utcOffset, wallTime } from './candle-time.ts';
import { type CsvHeader, findHeader } from './csv-header.ts';
import { readDecimal } from './csv-number.ts';
import { CsvRow, isBlankLine, lineEnd, showText } from './csv-row.ts';

/** Nothing behind this many rows is looked at here, so that a changed future never changes how the past is read. */
const recognisedRows = 1_000;

/** How a CSV file is to be read, told from its header and its first 1,000 rows. */
export interface CsvLayout extends CsvHeader {
  readonly time: TimeFormat;
  /** `UTC` or the offsets seen, such as `-05:00, -04:00`. */
  readonly timezone: string;
  /** Median distance of neighbouring bars in whole seconds; null when no two times differ. */
  readonly intervalMs: number | null;
  /** Some bar shorter than a week carries the date of a Saturday or Sunday. */
  readonly weekendBars: boolean;
}

/** The time fields of the first rows. */
interface TimeField {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * @throws OrreryError `candles-invalid` for an empty file or one without rows, `candles-unrecognised` when the header or
 * the times are none we know, or when this is not text.
 */
export function recogniseCsv(bytes: Buffer, file: string): CsvLayout {
  refuseBinary(bytes, file);
  refuseCarriageReturns(bytes, file);
  const header = findHeader(bytes, file);
  const stamps = readTimeFields(bytes, header);
  const [first] = stamps;
  if (!first) {
    throw new OrreryError('candles-invalid', `${file} has a header but no rows`, {
      hint: 'Check that the export or download was complete.',
    });
  }
  const time = recogniseTimeFormat(bytes, stamps);
  if (!time) {
    const shown = showText(bytes, first.start, first.end);
    throw new OrreryError(
      'candles-unrecognised',
      `${file}, line ${first.line}: ${shown} is not a time we know`,
      {
        hint: 'Use ISO 8601, YYYY-MM-DD, YYYY-MM-DD HH:mm[:ss], or seconds, milliseconds or microseconds since 1970.',
      },
    );
  }
  return { ...header, time, ...measureTimes(bytes, file, time, stamps) };
}

function refuseBinary(bytes: Buffer, file: string): void {
  if (bytes.length === 0) {
    throw new OrreryError('candles-invalid', `${file} is empty`, {
      hint: 'Check that the export or download was complete.',
    });
  }
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const control = bytes.subarray(0, 8_192).some((code) => code < 9 || (code > 13 && code < 32));
  if (utf16 || control) {
    throw new OrreryError(
      'candles-unrecognised',
      `${file} is ${utf16 ? 'UTF-16' : 'binary'}, not a CSV text`,
      {
        hint: utf16 ? 'Save it as UTF-8.' : 'Unpack or convert it to CSV first.',
      },
    );
  }
}

/** A whole file in one line has a header at most, and would be said to lack its rows. */
function refuseCarriageReturns(bytes: Buffer, file: string): void {
  if (bytes.includes('\n') || !bytes.includes('\r')) return;
  const message = `${file} ends its lines with carriage returns alone`;
  throw new OrreryError('candles-unrecognised', message, {
    hint: 'Save it with line feeds (LF or CRLF), as nearly every program does.',
  });
}

function readTimeFields(bytes: Buffer, header: CsvHeader): TimeField[] {
  const column = header.columns.time;
  const row = new CsvRow(bytes, header.delimiter, column + 1);
  const stamps: TimeField[] = [];
  let line = header.dataLine;
  let rows = 0;
  for (let start = header.dataStart; start < bytes.length && rows < recognisedRows; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) {
      rows++;
      if (row.split(start, end) > column)
        stamps.push({ line, start: row.start(column), end: row.end(column) });
    }
    start = end + 1;
  }
  return stamps;
}

/** The format of most rows, so that a damaged one is reported as such and does not decide. */
function recogniseTimeFormat(bytes: Buffer, stamps: readonly TimeField[]): TimeFormat | null {
  const written: TimeFormat = { kind: 'written' };
  const numbers: number[] = [];
  let dates = 0;
  for (const { start, end } of stamps) {
    const number = readDecimal(bytes, start, end);
    if (!Number.isNaN(number)) numbers.push(Math.abs(number));
    else if (!Number.isNaN(wallTime(written, bytes, start, end))) dates++;
  }
  if (dates >= numbers.length) return dates > 0 ? written : null;
  const unit = epochUnit(median(numbers));
  return unit && { kind: 'epoch', unit };
}

function measureTimes(bytes: Buffer, file: string, time: TimeFormat, stamps: readonly TimeField[]) {
  const zones = new Set<string>();
  const steps: number[] = [];
  let weekend = false;
  let previous = Number.NaN;
  for (const { start, end } of stamps) {
    const wall = wallTime(time, bytes, start, end);
    const offset = utcOffset(time, bytes, start, end);
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
function median(values: number[]): number {
  return Float64Array.from(values).sort()[(values.length - 1) >> 1]!;
}
