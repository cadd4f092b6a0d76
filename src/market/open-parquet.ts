import type { CandleBytes } from './candle-bytes.ts';
import { readNote } from './candle-note.ts';
import type { OpenCandles } from './open-candles.ts';
import { readParquetColumns } from './parquet-file.ts';
import { readParquetRows, recogniseParquetTimes } from './parquet-rows.ts';

/** {@link OpenCandles} of a Parquet file; `shown` is its name as a person typed it. */
export async function openParquet(read: CandleBytes, shown: string): Promise<OpenCandles> {
  const columns = await readParquetColumns(read.file, shown);
  const note = readNote(columns.note);
  const measured = recogniseParquetTimes(columns, shown);
  // A stored file may hold a single bar, or few with holes between them; its interval is known.
  const times = note === null ? measured : { ...measured, intervalMs: note.intervalMs };
  const { timezone, intervalMs, weekendBars } = times;
  const told = note === null ? {} : { assetClass: note.assetClass, adjusted: note.adjusted };
  return {
    ...read,
    ...{ format: 'parquet', names: columns.names, told, line: 1, timezone, intervalMs, weekendBars },
    readRows: (limits, report) => readParquetRows(columns, times, limits, report),
  };
}
