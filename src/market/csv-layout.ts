import { OrreryError } from '../core/index.ts';
import type { TimeFormat } from './candle-time.ts';
import { type CsvHeader, findHeader } from './csv-header.ts';
import { CsvRow, isBlankLine, lineEnd } from './csv-row.ts';
import { type MeasuredTimes, recognisedRows, recogniseTimes, type TimeField } from './recognise-times.ts';

/** How a CSV file is to be read, told from its header, or its format, and its first 1,000 rows. */
export interface CsvLayout extends CsvHeader, MeasuredTimes {
  readonly time: TimeFormat;
  /** Prices are written so many times as large. */
  readonly priceScale: number;
  /** Says in a refusal who knows how many fields a row has. */
  readonly fieldsOf: string;
}

/**
 * @throws OrreryError `candles-invalid` for an empty file or one without rows, `candles-unrecognised` when the header or
 * the times are none we know, or when this is not text.
 */
export function recogniseCsv(bytes: Buffer, file: string): CsvLayout {
  refuseBinary(bytes, file);
  refuseCarriageReturns(bytes, file);
  const header = findHeader(bytes, file);
  const times = recogniseTimes(file, readTimeFields(bytes, header));
  return { ...header, ...times, priceScale: 1, fieldsOf: 'the header names' };
}

/** @throws OrreryError `candles-invalid` for an empty file, `candles-unrecognised` for one that is no text in UTF-8 */
export function refuseBinary(bytes: Buffer, file: string): void {
  if (bytes.length === 0) {
    throw new OrreryError('candles-invalid', `${file} is empty`, {
      hint: 'Check that the export or download was complete.',
    });
  }
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const control = bytes.subarray(0, 8_192).some((code) => code < 9 || (code > 13 && code < 32));
  if (utf16 || control) {
    throw new OrreryError('candles-unrecognised', `${file} is ${utf16 ? 'UTF-16' : 'binary'}, not a text`, {
      hint: utf16 ? 'Save it as UTF-8.' : 'Unpack it, or convert it to CSV first.',
    });
  }
}

/** A whole file in one line has a header at most, and would be said to lack its rows. */
function refuseCarriageReturns(bytes: Buffer, file: string): void {
  const lineFeed = bytes.indexOf('\n');
  // One at the very end is an editor's; the lines before it end as they did.
  if (!bytes.includes('\r') || (lineFeed >= 0 && lineFeed < bytes.length - 1)) return;
  if (lineFeed === bytes.indexOf('\r') + 1) return;
  const message = `${file} ends its lines with carriage returns alone`;
  throw new OrreryError('candles-unrecognised', message, {
    hint: 'Save it with line feeds (LF or CRLF), as nearly every program does.',
  });
}

/** What stands where the first rows have their time. */
export function readTimeFields(
  bytes: Buffer,
  header: Pick<CsvHeader, 'delimiter' | 'dataStart' | 'dataLine'> & {
    readonly columns: Pick<CsvHeader['columns'], 'time'>;
  },
): TimeField[] {
  const column = header.columns.time;
  const row = new CsvRow(bytes, header.delimiter, column + 1);
  const fields: TimeField[] = [];
  let line = header.dataLine;
  let rows = 0;
  for (let start = header.dataStart; start < bytes.length && rows < recognisedRows; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) {
      rows++;
      if (row.split(start, end) > column)
        fields.push({ line, bytes, start: row.start(column), end: row.end(column) });
    }
    start = end + 1;
  }
  return fields;
}
