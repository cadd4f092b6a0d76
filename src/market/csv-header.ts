import { OrreryError } from '../core/index.ts';
import { readDecimal } from './csv-number.ts';
import { CsvRow, isBlankLine, lineEnd, showText } from './csv-row.ts';

export type CandleField = 'time' | 'open' | 'high' | 'low' | 'close' | 'volume';
const priceFields = ['open', 'high', 'low', 'close'] as const;
const timeNames = ['opentime', 'timestamp', 'datetime', 'date', 'time'] as const;

/** How far down a header may stand below titles or comments. */
const searchedLines = 10;
/** yfinance puts up to two more rows (ticker, index name) below the header. */
const extraHeaderRows = 3;
/** Far more columns than any candle file has; keeps hostile input from costing memory. */
const mostColumns = 512;

export interface CsvHeader {
  /** Byte that separates fields. */
  readonly delimiter: number;
  readonly fieldCount: number;
  /** Field to column, from 0; volume is null when there is no such column. */
  readonly columns: Readonly<Record<Exclude<CandleField, 'volume'>, number>> & {
    readonly volume: number | null;
  };
  /** Field to the name in the header, empty for an unnamed time column. */
  readonly names: Readonly<Record<CandleField, string | null>>;
  /** 1-based line of the header. */
  readonly line: number;
  /** Where data begin: byte offset and 1-based line. */
  readonly dataStart: number;
  readonly dataLine: number;
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the row that names open, high, low and close, in any case, order and of three delimiters, and skips what
 * belongs to it.
 *
 * @throws OrreryError `candles-unrecognised` when there is none, or when it is ambiguous.
 */
export function findHeader(bytes: Buffer, file: string): CsvHeader {
  const lines = firstLines(bytes);
  for (const delimiter of [0x2c, 0x3b, 0x09]) {
    for (const line of lines) {
      const names = splitNames(bytes, line, delimiter);
      if (priceFields.every((field) => names.some((name) => plain(name) === field))) {
        return describeHeader(bytes, file, line, delimiter, names);
      }
    }
  }
  throw refuseHeader(bytes, file, lines);
}

function describeHeader(
  bytes: Buffer,
  file: string,
  line: Line,
  delimiter: number,
  names: readonly string[],
): CsvHeader {
  const [open, high, low, close] = priceFields.map((field) => onlyColumn(file, line, names, field));
  const volume = names.some((name) => plain(name) === 'volume')
    ? onlyColumn(file, line, names, 'volume')
    : null;
  const prices = [open!, high!, low!, close!];
  const extra = skipExtraRows(bytes, line.end + 1, line.number + 1, delimiter, names.length, prices);
  const time = findTime(names) ?? extra.rows.map(findTime).find((found) => found !== null) ?? null;
  if (time === null) {
    throw new OrreryError('candles-unrecognised', `${file}, line ${line.number}: no column holds the time`, {
      hint: 'Name it open_time, timestamp, datetime, date or time, or leave the name of the first column empty.',
    });
  }
  return {
    delimiter,
    fieldCount: names.length,
    columns: { time: time.column, open: open!, high: high!, low: low!, close: close!, volume },
    names: {
      time: time.name,
      open: names[open!]!,
      high: names[high!]!,
      low: names[low!]!,
      close: names[close!]!,
      volume: volume === null ? null : names[volume]!,
    },
    line: line.number,
    dataStart: extra.dataStart,
    dataLine: extra.dataLine,
  };
}

/** The preferred time column of one header row. pandas writes `Unnamed: 0` for an index without a name. */
function findTime(names: readonly string[]): { readonly column: number; readonly name: string } | null {
  for (const wanted of timeNames) {
    const column = names.findIndex((name) => plain(name) === wanted);
    if (column >= 0) return { column, name: names[column]! };
  }
  const first = names[0] ?? '';
  return first === '' || plain(first) === 'unnamed:0' ? { column: 0, name: first } : null;
}

function onlyColumn(file: string, line: Line, names: readonly string[], field: string): number {
  const found = names.flatMap((name, column) => (plain(name) === field ? [column] : []));
  if (found.length === 1) return found[0]!;
  throw new OrreryError(
    'candles-unrecognised',
    `${file}, line ${line.number}: ${found.length} columns are named ${field}`,
    { hint: 'Keep one instrument in a file, and one column of each name.' },
  );
}

/**
 * Rows that belong to the header hold one text in all four price columns, the symbol or nothing, and no date
 * (`,AAPL,AAPL,AAPL,AAPL`, `Date,,,,`). Anything else is data, so that a damaged first bar is reported and not taken
 * for a header.
 */
function skipExtraRows(
  bytes: Buffer,
  start: number,
  firstLine: number,
  delimiter: number,
  fieldCount: number,
  prices: readonly number[],
) {
  const rows: (readonly string[])[] = [];
  let dataStart = start;
  let dataLine = firstLine;
  while (rows.length < extraHeaderRows && dataStart < bytes.length) {
    const end = lineEnd(bytes, dataStart);
    const names = splitNames(bytes, { number: dataLine, start: dataStart, end }, delimiter);
    const texts = new Set(prices.map((column) => names[column]));
    const [text] = texts;
    const dated = /\d/.test(names[0] ?? '');
    const numeric =
      text !== undefined && !Number.isNaN(readDecimal(Buffer.from(text), 0, Buffer.byteLength(text)));
    if (names.length !== fieldCount || texts.size !== 1 || text === undefined || dated || numeric) break;
    rows.push(names);
    dataStart = end + 1;
    dataLine++;
  }
  return { rows, dataStart, dataLine };
}

function firstLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (
    let start = byteOrderMark, number = 1;
    start < bytes.length && lines.length < searchedLines;
    number++
  ) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) lines.push({ number, start, end });
    start = end + 1;
  }
  return lines;
}

function splitNames(bytes: Buffer, line: Line, delimiter: number): string[] {
  const row = new CsvRow(bytes, delimiter, mostColumns);
  const count = Math.min(row.split(line.start, line.end), mostColumns);
  return Array.from({ length: Math.max(count, 0) }, (_, column) => row.text(column));
}

/** `Open Time`, `open_time` and `openTime` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function refuseHeader(bytes: Buffer, file: string, lines: readonly Line[]): OrreryError {
  const wants = 'A candle file names its columns: a time, open, high, low, close and volume, in any order.';
  for (const delimiter of [0x2c, 0x3b, 0x09]) {
    for (const line of lines) {
      const names = new Set(splitNames(bytes, line, delimiter).map(plain));
      const absent = priceFields.filter((field) => !names.has(field));
      if (absent.length < 3) {
        const message = `${file}, line ${line.number}: no column is named ${absent.join(' or ')}`;
        return new OrreryError('candles-unrecognised', message, { hint: wants });
      }
    }
  }
  const [first] = lines;
  if (!first)
    return new OrreryError('candles-unrecognised', `${file} holds only blank lines`, { hint: wants });
  const numbers = splitNames(bytes, first, 0x2c).filter((text) => /^[+-]?[\d.]+$/.test(text));
  if (numbers.length >= 4) {
    return new OrreryError('candles-unrecognised', `${file}, line ${first.number}: there is no header row`, {
      hint: `${wants} Formats without a header are not available in this version.`,
    });
  }
  const shown = showText(bytes, first.start, first.end);
  return new OrreryError(
    'candles-unrecognised',
    `${file}, line ${first.number}: ${shown} is not a header of candles`,
    {
      hint: wants,
    },
  );
}
