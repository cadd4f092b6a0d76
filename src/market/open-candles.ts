import type { Instrument } from '../core/index.ts';
import { type CandleBytes, readCandleBytes } from './candle-bytes.ts';
import type { ColumnNames } from './candle-columns.ts';
import { type CandleFormat, formatOf } from './candle-format.ts';
import type { CandleRows, RowFault, RowLimits } from './candle-rows.ts';
import { type CsvLayout, recogniseCsv } from './csv-layout.ts';
import { readCsvRows } from './csv-rows.ts';
import type { CandleSource } from './data-option.ts';
import { recogniseHeaderless } from './headerless-csv.ts';
import { readJsonLines, recogniseJsonLines } from './json-lines.ts';
import type { MeasuredTimes } from './recognise-times.ts';

/** What a file says of the instrument beyond its symbol and bars. */
export type Told = Partial<Pick<Instrument, 'assetClass' | 'adjusted'>>;

/** A file of candles whose layout is known, whatever its format; its rows are read when they are asked for. */
export interface OpenCandles extends CandleBytes, MeasuredTimes {
  readonly format: CandleFormat;
  readonly names: ColumnNames;
  readonly told: Told;
  /** 1-based line to which findings point that are about the whole file: a header's, else the first. */
  readonly line: number;
  /** Reads every row, and calls `report` for each fault where it is found; `report` may throw to end it there. */
  readRows(limits: RowLimits, report: (fault: RowFault) => void): CandleRows;
}

/**
 * @throws OrreryError `file-not-found`, `file-unreadable`; `candles-unrecognised` when the file is none of its format, or
 * of none we know; `candles-invalid` when it has no rows.
 */
export async function openCandles(source: CandleSource): Promise<OpenCandles> {
  const read = await readCandleBytes(source.file);
  const format = formatOf(source.file, source.format, read.bytes);
  switch (format) {
    case 'parquet': {
      const { openParquet } = await import('./open-parquet.ts');
      return openParquet(read, source.file);
    }
    case 'jsonl':
      return openJsonLines(read, source.file);
    case 'csv':
      return openCsv(read, format, recogniseCsv(read.bytes, source.file), {});
    case 'lean-equity': {
      const layout = recogniseHeaderless(read.bytes, source.file, format);
      return openCsv(read, format, layout, { assetClass: 'equity', adjusted: false });
    }
    case 'lean-crypto':
    case 'binance':
      return openCsv(read, format, recogniseHeaderless(read.bytes, source.file, format), {
        assetClass: 'crypto',
      });
  }
}

function openCsv(read: CandleBytes, format: CandleFormat, layout: CsvLayout, told: Told): OpenCandles {
  const { names, line, timezone, intervalMs, weekendBars } = layout;
  return {
    ...read,
    ...{ format, names, told, line, timezone, intervalMs, weekendBars },
    readRows: (limits, report) => readCsvRows(read.bytes, layout, limits, report),
  };
}

function openJsonLines(read: CandleBytes, shown: string): OpenCandles {
  const layout = recogniseJsonLines(read.bytes, shown);
  const { names, line, timezone, intervalMs, weekendBars } = layout;
  return {
    ...read,
    ...{ format: 'jsonl', names, told: {}, line, timezone, intervalMs, weekendBars },
    readRows: (limits, report) => readJsonLines(read.bytes, layout, limits, report),
  };
}
