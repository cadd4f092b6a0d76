import { OrreryError } from '../core/index.ts';
import { type CandleField, type ColumnNames, matchColumns } from './candle-columns.ts';
import { CandleRowCollector, type CandleRows, type RowFault, type RowLimits } from './candle-rows.ts';
import { type TimeFormat, utcOffset, wallTime } from './candle-time.ts';
import { refuseBinary } from './csv-layout.ts';
import { readDecimal } from './csv-number.ts';
import { isBlankLine, lineEnd, showText } from './csv-row.ts';
import {
  type MeasuredTimes,
  recognisedRows,
  recogniseTimes,
  refuseNoRows,
  type TimeField,
} from './recognise-times.ts';

/** How a file of one JSON object a line is to be read. */
export interface JsonLinesLayout extends MeasuredTimes {
  readonly names: ColumnNames;
  readonly time: TimeFormat;
  /** 1-based line of the first object, whose keys count. */
  readonly line: number;
}

type JsonObject = { readonly [key: string]: unknown };

interface JsonLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * @throws OrreryError `candles-invalid` for a file without rows, `candles-unrecognised` when its first line is no object
 * with the keys of candles, or when its times are none we know.
 */
export function recogniseJsonLines(bytes: Buffer, file: string): JsonLinesLayout {
  refuseBinary(bytes, file);
  const first = jsonLines(bytes).next().value;
  if (first === undefined) throw refuseNoRows(file, 'has no rows');
  const object = parseObject(bytes, first);
  if (object === null) {
    throw new OrreryError('candles-unrecognised', `${file}, line ${first.line}: not a JSON object`, {
      hint: 'Write one object a line, {"time": …, "open": …, "high": …, "low": …, "close": …, "volume": …}.',
    });
  }
  const { names } = matchColumns(`${file}, line ${first.line}`, Object.keys(object));
  const times = recogniseTimes(file, readTimeFields(bytes, names.time ?? ''));
  return { names, line: first.line, ...times };
}

/** Reads every line as {@link CandleRowCollector} wants it. */
export function readJsonLines(
  bytes: Buffer,
  { names, time, intervalMs }: JsonLinesLayout,
  limits: RowLimits,
  report: (fault: RowFault) => void,
): CandleRows {
  let object: JsonObject = {};
  const valueIn = (field: CandleField) => object[names[field] ?? ''];
  const numberOf = (field: CandleField) => readNumber(valueIn(field));
  const show = (field: CandleField) => showText(textOf(valueIn(field)), 0, Number.MAX_SAFE_INTEGER);
  const capacity = countLines(bytes);
  const collector = new CandleRowCollector({ capacity, intervalMs, limits, report, show });
  for (const line of jsonLines(bytes)) {
    const parsed = parseObject(bytes, line);
    const absent =
      parsed === null
        ? []
        : Object.values(names).filter((name) => name !== null && !Object.hasOwn(parsed, name));
    if (parsed === null || absent.length > 0) {
      collector.addUnparsable(
        line.line,
        parsed === null ? 'not a JSON object' : `there is no "${absent.join('", "')}"`,
      );
      continue;
    }
    object = parsed;
    const text = textOf(valueIn('time'));
    const wall = wallTime(time, text, 0, text.length);
    const offset = utcOffset(time, text, 0, text.length);
    if (Number.isNaN(wall - offset)) collector.addUnparsable(line.line, `${show('time')} is not a time`);
    else if (collector.addTime(wall, offset, line.line)) {
      const volume = names.volume === null ? 0 : numberOf('volume');
      collector.addBar(numberOf('open'), numberOf('high'), numberOf('low'), numberOf('close'), volume);
    }
  }
  return collector.finish();
}

function* jsonLines(bytes: Buffer): Generator<JsonLine, undefined> {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) yield { line, start, end };
    start = end + 1;
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (const _ of jsonLines(bytes)) count++;
  return count;
}

function parseObject(bytes: Buffer, { start, end }: JsonLine): JsonObject | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end).replace(/^\ufeff/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readTimeFields(bytes: Buffer, name: string): TimeField[] {
  const fields: TimeField[] = [];
  let rows = 0;
  for (const line of jsonLines(bytes)) {
    if (rows++ === recognisedRows) break;
    const value = parseObject(bytes, line)?.[name];
    if (value === undefined) continue;
    const text = textOf(value);
    fields.push({ line: line.line, bytes: text, start: 0, end: text.length });
  }
  return fields;
}

/** A number may stand in quotes, as exchanges write them; anything else is none. */
function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  const text = textOf(value);
  return typeof value === 'string' ? readDecimal(text, 0, text.length) : Number.NaN;
}

function textOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? ''));
}
