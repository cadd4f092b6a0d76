import { CandleRowCollector, type CandleRows, type RowFault, type RowLimits } from './candle-rows.ts';
import { epochUnit, utcOffset, wallTime } from './candle-time.ts';
import type { ParquetColumns, ParquetTimes } from './parquet-file.ts';
import {
  type MeasuredTimes,
  measureTimes,
  median,
  recognisedRows,
  recogniseTimes,
  refuseNoRows,
  refuseTime,
  type Stamp,
} from './recognise-times.ts';

/** What the times of a Parquet file are, and each of them as a stamp. */
export interface ParquetStamps extends MeasuredTimes {
  stampAt(row: number): Stamp;
}

/**
 * @throws OrreryError `candles-invalid` for a file without rows, `candles-unrecognised` for times that are none we know
 */
export function recogniseParquetTimes({ times, length }: ParquetColumns, file: string): ParquetStamps {
  if (length === 0) throw refuseNoRows(file, 'has no rows');
  const stampAt = stampReader(times, file);
  const first = Array.from({ length: Math.min(length, recognisedRows) }, (_, row) => stampAt(row));
  return { ...measureTimes(file, first), stampAt };
}

/** As rows of a file are checked, where the line is the number of the row. */
export function readParquetRows(
  { length, prices, times, names }: ParquetColumns,
  { intervalMs, stampAt }: ParquetStamps,
  limits: RowLimits,
  report: (fault: RowFault) => void,
): CandleRows {
  let row = 0;
  const show = (field: keyof typeof prices | 'time') =>
    field === 'time' ? showTime(times, row) : JSON.stringify(String(prices[field][row]));
  const collector = new CandleRowCollector({ capacity: length, intervalMs, limits, report, show });
  const { open, high, low, close, volume } = prices;
  for (; row < length; row++) {
    const { wall, offset } = stampAt(row);
    if (Number.isNaN(wall - offset))
      collector.addUnparsable(row + 1, `${names.time} ${show('time')} is not a time`);
    else if (collector.addTime(wall, offset, row + 1))
      collector.addBar(open[row]!, high[row]!, low[row]!, close[row]!, volume[row]!);
  }
  return collector.finish();
}

const msPerUnit = { s: 1_000, ms: 1, µs: 1e-3, ns: 1e-6 } as const;
const earliest = Date.UTC(1800, 0, 1);
const latest = Date.UTC(2200, 0, 1);

function stampReader(times: ParquetTimes, file: string): (row: number) => Stamp {
  if (times.kind === 'texts') {
    const first = times.values.slice(0, recognisedRows).map((text, row) => {
      const bytes = Buffer.from(text);
      return { line: row + 1, bytes, start: 0, end: bytes.length };
    });
    const { time } = recogniseTimes(file, first);
    return (row) => {
      const bytes = Buffer.from(times.values[row]!);
      const [start, end] = [0, bytes.length];
      return { wall: wallTime(time, bytes, start, end), offset: utcOffset(time, bytes, start, end) };
    };
  }
  const { values } = times;
  const unit = times.kind === 'timestamps' ? 'ms' : unitOf(values.subarray(0, recognisedRows));
  if (unit === null) throw refuseTime(`${file}, row 1`, showTime(times, 0));
  const scale = msPerUnit[unit];
  return (row) => {
    const wall = Math.round(values[row]! * scale);
    return { wall: wall >= earliest && wall < latest ? wall : Number.NaN, offset: 0 };
  };
}

/** pandas keeps nanoseconds, which no text file does. */
function unitOf(values: Float64Array): keyof typeof msPerUnit | null {
  const sizes = [...values].filter((value) => !Number.isNaN(value)).map(Math.abs);
  if (sizes.length === 0) return null;
  const size = median(sizes);
  return size >= 1e17 && size < 1e20 ? 'ns' : epochUnit(size);
}

function showTime(times: ParquetTimes, row: number): string {
  const value = times.values[row];
  const dated = times.kind === 'timestamps' && Number.isFinite(value) && Math.abs(Number(value)) < 8.64e15;
  return JSON.stringify(dated ? new Date(Number(value)).toISOString() : String(value));
}
