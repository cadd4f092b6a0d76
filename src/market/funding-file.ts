import { type EpochMs, OrreryError } from '../core/index.ts';
import { readCandleBytes } from './candle-bytes.ts';
import { findTime, plainName } from './candle-columns.ts';
import { utcOffset, wallTime } from './candle-time.ts';
import { readTimeFields, refuseBinary } from './csv-layout.ts';
import { CsvRow, isBlankLine, lineEnd } from './csv-row.ts';
import { recogniseTimes } from './recognise-times.ts';

/** What longs pay shorts at one settlement, a fraction of the position's value. */
export interface FundingRate {
  readonly at: EpochMs;
  readonly rate: number;
}

const timeNames = ['fundingtime', 'calctime'] as const;
const rateNames = ['rate', 'fundingrate', 'lastfundingrate'] as const;
/** No exchange lets a settlement cost a tenth of the position; who writes that has per cent or a price. */
const plausible = 0.1;

interface FundingHeader {
  readonly columns: { readonly time: number; readonly rate: number };
  readonly delimiter: number;
  readonly fieldCount: number;
  readonly dataStart: number;
  readonly dataLine: number;
}

/**
 * Reads the funding rates of a perpetual future, oldest first, out of a CSV whose header names a time and a rate.
 * Milliseconds are dropped: exchanges stamp a settlement a few too late.
 *
 * @throws OrreryError `file-not-found`, `file-unreadable`; `candles-unrecognised` where the header or the times are none
 * we know; `candles-invalid` with the line
 */
export async function loadFundingFile(file: string): Promise<readonly FundingRate[]> {
  const { bytes } = await readCandleBytes(file);
  refuseBinary(bytes, file);
  const header = readHeader(bytes, file);
  const { time } = recogniseTimes(file, readTimeFields(bytes, header));
  const { columns, fieldCount } = header;
  const row = new CsvRow(bytes, header.delimiter, fieldCount);
  const rates: FundingRate[] = [];
  let line = header.dataLine;
  for (let start = header.dataStart; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) rates.push(readRow(start, end));
    start = end + 1;
  }
  return rates;

  function readRow(start: number, end: number): FundingRate {
    const refuse = (what: string) => refuseLine(file, line, what);
    const count = row.split(start, end);
    if (count < 0) throw refuse('a quote is not closed');
    if (count !== fieldCount) throw refuse(`${count} fields where the header names ${fieldCount}`);
    const field = [bytes, row.start(columns.time), row.end(columns.time)] as const;
    const at = Math.floor((wallTime(time, ...field) - utcOffset(time, ...field)) / 1_000) * 1_000;
    if (Number.isNaN(at)) throw refuse(`${row.show(columns.time)} is not a time`);
    if (at <= (rates.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) {
      throw refuse('its time is not after that of the line before');
    }
    const rate = row.number(columns.rate);
    if (Number.isNaN(rate)) throw refuse(`${row.show(columns.rate)} is not a number`);
    if (Math.abs(rate) >= plausible) throw refuse(`a rate of ${row.show(columns.rate)} is not plausible`);
    return { at, rate };
  }
}

/** The first line that is not blank. */
function readHeader(bytes: Buffer, file: string): FundingHeader {
  let line = 1;
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = lineEnd(bytes, start);
  for (; isBlankLine(bytes, start, end) && end < bytes.length; line++) {
    start = end + 1;
    end = lineEnd(bytes, start);
  }
  const delimiter = [0x2c, 0x3b, 0x09].find((one) => bytes.subarray(start, end).includes(one)) ?? 0x2c;
  const names = bytes.toString('utf8', start, end).split(String.fromCharCode(delimiter));
  const plain = names.map((name) => plainName(name.replaceAll('"', '').trim()));
  const placeOf = (wanted: readonly string[]) =>
    wanted.map((name) => plain.indexOf(name)).find((place) => place >= 0) ?? null;
  const time = placeOf(timeNames) ?? findTime(plain)?.column ?? null;
  const rate = placeOf(rateNames);
  if (rate === null) throw refuseLine(file, line, 'no column is named rate');
  if (time === null) throw refuseLine(file, line, 'no column holds the time');
  const fieldCount = names.length;
  return { columns: { time, rate }, delimiter, fieldCount, dataStart: end + 1, dataLine: line + 1 };
}

function refuseLine(file: string, line: number, what: string): OrreryError {
  return new OrreryError('candles-invalid', `${file}, line ${line}: ${what}`, {
    hint: 'A file of funding begins with time,rate and has rows like 2024-01-01T08:00:00Z,0.0001, oldest first; 0.0001 is 0.01 % of the position.',
  });
}
