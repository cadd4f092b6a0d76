import { OrreryError } from '../core/index.ts';
import {
  findTime,
  isPrice,
  matchColumns,
  missingPrices,
  type NamedColumns,
  namesWanted,
  refuseAbsent,
} from './candle-columns.ts';
import { readDecimal } from './csv-number.ts';
import { CsvRow, isBlankLine, lineEnd, showText } from './csv-row.ts';

/** How far down a header may stand below titles or comments. */
const searchedLines = 10;
/** yfinance puts up to two more rows (ticker, index name) below the header. */
const extraHeaderRows = 3;
/** Far more columns than any candle file has; keeps hostile input from costing memory. */
const mostColumns = 512;

export interface CsvHeader extends NamedColumns {
  /** Byte that separates fields. */
  readonly delimiter: number;
  readonly fieldCount: number;
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
      if (missingPrices(names).length === 0) {
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
  const where = `${file}, line ${line.number}`;
  const below = { start: line.end + 1, line: line.number + 1 };
  const extra = skipExtraRows(bytes, below, delimiter, names);
  const otherTime = () => extra.rows.map(findTime).find((found) => found !== null) ?? null;
  return {
    ...matchColumns(where, names, otherTime),
    delimiter,
    fieldCount: names.length,
    line: line.number,
    dataStart: extra.dataStart,
    dataLine: extra.dataLine,
  };
}

/**
 * Rows that belong to the header hold one text in all four price columns, the symbol or nothing, and no date
 * (`,AAPL,AAPL,AAPL,AAPL`, `Date,,,,`). Anything else is data, so that a damaged first bar is reported and not taken
 * for a header.
 */
function skipExtraRows(
  bytes: Buffer,
  below: { readonly start: number; readonly line: number },
  delimiter: number,
  header: readonly string[],
) {
  const prices = header.flatMap((name, column) => (isPrice(name) ? [column] : []));
  const rows: (readonly string[])[] = [];
  let dataStart = below.start;
  let dataLine = below.line;
  while (rows.length < extraHeaderRows && dataStart < bytes.length) {
    const end = lineEnd(bytes, dataStart);
    const names = splitNames(bytes, { number: dataLine, start: dataStart, end }, delimiter);
    const texts = new Set(prices.map((column) => names[column]));
    const [text] = texts;
    const dated = /\d/.test(names[0] ?? '');
    const numeric =
      text !== undefined && !Number.isNaN(readDecimal(Buffer.from(text), 0, Buffer.byteLength(text)));
    if (names.length !== header.length || texts.size !== 1 || text === undefined || dated || numeric) break;
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

function refuseHeader(bytes: Buffer, file: string, lines: readonly Line[]): OrreryError {
  for (const delimiter of [0x2c, 0x3b, 0x09]) {
    for (const line of lines) {
      const absent = missingPrices(splitNames(bytes, line, delimiter));
      if (absent.length < 3) return refuseAbsent(`${file}, line ${line.number}`, absent);
    }
  }
  const [first] = lines;
  if (!first)
    return new OrreryError('candles-unrecognised', `${file} holds only blank lines`, { hint: namesWanted });
  const numbers = splitNames(bytes, first, 0x2c).filter((text) => /^[+-]?[\d.]+$/.test(text));
  if (numbers.length >= 4) {
    return new OrreryError('candles-unrecognised', `${file}, line ${first.number}: there is no header row`, {
      hint: `${namesWanted} Headerless ones are only read by name: FILE@lean-equity, FILE@lean-crypto or FILE@binance.`,
    });
  }
  const shown = showText(bytes, first.start, first.end);
  return new OrreryError(
    'candles-unrecognised',
    `${file}, line ${first.number}: ${shown} is not a header of candles`,
    {
      hint: namesWanted,
    },
  );
}
