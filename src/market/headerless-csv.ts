import { basename } from 'node:path';
import { type EpochMs, OrreryError } from '../core/index.ts';
import { type Clock, epochUnit, type TimeFormat, wallTime } from './candle-time.ts';
import { type CsvLayout, readTimeFields, refuseBinary } from './csv-layout.ts';
import { readDecimal } from './csv-number.ts';
import { CsvRow, isBlankLine, lineEnd, showText } from './csv-row.ts';
import {
  measureTimes,
  median,
  readStamps,
  refuseNoRows,
  refuseTime,
  type TimeField,
} from './recognise-times.ts';

/** Formats of fixed columns without a header: time, open, high, low, close, volume, and what may follow. */
export type HeaderlessFormat = 'lean-equity' | 'lean-crypto' | 'binance';

interface HeaderlessSpec {
  readonly fieldCount: number;
  readonly priceScale: number;
  /** Whose days and hours are written; null where times count from 1970. */
  readonly clock: Clock | null;
}

const specs: Readonly<Record<HeaderlessFormat, HeaderlessSpec>> = {
  'lean-equity': { fieldCount: 6, priceScale: 10_000, clock: 'New York' },
  'lean-crypto': { fieldCount: 6, priceScale: 1, clock: 'UTC' },
  binance: { fieldCount: 12, priceScale: 1, clock: null },
};

/** LEAN's quote files: a time, then open, high, low, close and size of the bid and of the ask. */
const quoteFields = 11;

const columns = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } as const;
const names = {
  time: 'column 1',
  open: 'column 2',
  high: 'column 3',
  low: 'column 4',
  close: 'column 5',
  volume: 'column 6',
} as const;
const comma = 0x2c;

/**
 * The layout of a file as LEAN keeps it (daily and hourly: `YYYYMMDD HH:mm`; minutes and seconds: milliseconds since
 * midnight, the date in the file's name; prices of shares times 10,000, New York time) or as data.binance.vision
 * publishes klines (ms or µs since 1970; those of futures have a header, which is skipped).
 *
 * @throws OrreryError `candles-invalid`, `candles-unrecognised` as for other CSV files, and for quotes.
 */
export function recogniseHeaderless(bytes: Buffer, file: string, format: HeaderlessFormat): CsvLayout {
  refuseBinary(bytes, file);
  const spec = specs[format];
  const data = findData(bytes, file, format);
  const start = { columns, delimiter: comma, dataStart: data.start, dataLine: data.line };
  const fields = readTimeFields(bytes, start);
  const [first] = fields;
  if (!first) throw refuseNoRows(file, 'has no rows');
  const time = spec.clock === null ? epochTime(fields) : leanTime(file, fields, spec.clock);
  if (time === null) {
    throw refuseTime(`${file}, line ${first.line}`, showText(bytes, first.start, first.end), forms[format]);
  }
  const measured = measureTimes(file, readStamps(time, fields));
  return {
    ...start,
    ...measured,
    timezone: spec.clock === 'New York' ? 'America/New_York' : measured.timezone,
    names,
    time,
    fieldCount: spec.fieldCount,
    fieldsOf: `${format} has`,
    priceScale: spec.priceScale,
    line: 1,
  };
}

const leanForms = 'LEAN writes YYYYMMDD HH:mm, or milliseconds since midnight.';
const forms: Readonly<Record<HeaderlessFormat, string>> = {
  'lean-equity': leanForms,
  'lean-crypto': leanForms,
  binance: 'Binance writes milliseconds or microseconds since 1970.',
};

/** Where the first row is, which also shows whether this is the format it is said to be. */
function findData(bytes: Buffer, file: string, format: HeaderlessFormat) {
  const { fieldCount } = specs[format];
  const row = new CsvRow(bytes, comma, 1);
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) {
      const count = row.split(start, end);
      const isHeader = format === 'binance' && line === 1 && /^open/i.test(row.text(0));
      if (!isHeader) {
        if (count === quoteFields) throw refuseQuotes(file);
        if (count < 6 || count > fieldCount) throw refuseFields(`${file}, line ${line}`, count, format);
        return { start, line };
      }
    }
    start = end + 1;
  }
  throw refuseNoRows(file, 'has no rows');
}

function epochTime(fields: readonly TimeField[]): TimeFormat | null {
  const sizes = fields
    .map(({ bytes, start, end }) => readDecimal(bytes, start, end))
    .filter((size) => !Number.isNaN(size));
  const unit = sizes.length === 0 ? null : epochUnit(median(sizes));
  return unit && { kind: 'epoch', unit };
}

/** By most rows, so that a damaged first one does not decide. */
function leanTime(file: string, fields: readonly TimeField[], clock: Clock): TimeFormat | null {
  const compact: TimeFormat = { kind: 'compact', clock };
  const readable = (format: TimeFormat) =>
    fields.filter(({ bytes, start, end }) => !Number.isNaN(wallTime(format, bytes, start, end))).length;
  const sinceMidnight = readable({ kind: 'since-midnight', date: 0, clock });
  if (readable(compact) >= Math.max(sinceMidnight, 1)) return compact;
  return sinceMidnight === 0 ? null : { kind: 'since-midnight', date: dateInName(file), clock };
}

function dateInName(file: string): EpochMs {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(?!\d)/.exec(basename(file)) ?? [];
  const date = Date.parse(`${year}-${month}-${day}`);
  if (!Number.isNaN(date)) return date;
  const message = `${file}: its times count from midnight, and the name does not say of which day`;
  throw new OrreryError('candles-unrecognised', message, {
    hint: 'Name it as LEAN does, with the date in front: 20180404_btcusd_minute_trade.csv.',
  });
}

function refuseQuotes(file: string): OrreryError {
  const message = `${file} holds quotes, bid and ask apart, and not candles of trades`;
  return new OrreryError('candles-unrecognised', message, { hint: 'Name the file of trades beside it.' });
}

function refuseFields(where: string, count: number, format: HeaderlessFormat): OrreryError {
  const has =
    count < 0 ? 'a quote is not closed' : `${count} fields where ${format} has ${specs[format].fieldCount}`;
  return new OrreryError('candles-unrecognised', `${where}: ${has}`, {
    hint: 'Name the format it has, or leave @FORMAT out for a file with a header.',
  });
}
