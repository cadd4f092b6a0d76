import { dayMs, type EpochMs } from '../core/index.ts';
import { type BarValues, findBarFaults, isSoundBar } from './candle-sanity.ts';
import { utcOffset, wallTime } from './candle-time.ts';
import type { CsvLayout } from './csv-layout.ts';
import { CsvRow, isBlankLine, lineEnd } from './csv-row.ts';

/** What makes a row unusable: a series is only made of files without any of these. */
export const fatalKinds = [
  'unparsable',
  'not-increasing',
  'duplicate',
  'not-a-number',
  'high-below-low',
  'negative',
] as const;
export type FatalKind = (typeof fatalKinds)[number];

/** What is wrong with one row; `line` is 1-based in the file, `at` its open when that could be read. */
export interface RowFault {
  readonly kind: FatalKind;
  readonly line: number;
  readonly at: EpochMs | null;
  readonly detail: string;
}

/**
 * The rows whose time could be read, in the order of the file. Where a fault was reported, a value can be NaN and times
 * can go back.
 */
export interface CandleRows {
  readonly length: number;
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** 1-based in the file. */
  readonly line: Int32Array;
  /** The date as written, in days since 1970. */
  readonly writtenDay: Int32Array;
  /** All rows that are not blank, readable or not. */
  readonly rowCount: number;
}

export interface RowLimits {
  /** Rows that open here or later are left out, whatever stands in them. */
  readonly to: EpochMs;
}

/** Reads every row, and calls `report` for each fault where it is found; `report` may throw to end it there. */
export function readCandleRows(
  bytes: Buffer,
  layout: CsvLayout,
  limits: RowLimits,
  report: (fault: RowFault) => void,
): CandleRows {
  const reader = new CandleRowReader(bytes, layout, limits.to, report);
  let rowCount = 0;
  let line = layout.dataLine;
  for (let start = layout.dataStart; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) {
      reader.read(start, end, line);
      rowCount++;
    }
    start = end + 1;
  }
  return reader.finish(rowCount);
}

type Columns = Omit<CandleRows, 'length' | 'rowCount'>;

/** The columns being filled, and what the next row is compared with. */
class CandleRowReader {
  readonly #row: CsvRow;
  readonly #layout: CsvLayout;
  readonly #to: EpochMs;
  readonly #report: (fault: RowFault) => void;
  readonly #columns: Columns;
  #length = 0;
  #previous = Number.NEGATIVE_INFINITY;
  /** A row at `to` or later was seen: what follows cannot be before it. */
  #reachedEnd = false;

  constructor(bytes: Buffer, layout: CsvLayout, to: EpochMs, report: (fault: RowFault) => void) {
    this.#row = new CsvRow(bytes, layout.delimiter, layout.fieldCount + 1);
    this.#layout = layout;
    this.#to = to;
    this.#report = report;
    this.#columns = allocate(countLines(bytes, layout.dataStart));
  }

  read(start: number, end: number, line: number): void {
    const row = this.#row;
    const { time, columns } = this.#layout;
    const misfit = findMisfit(this.#layout, row, row.split(start, end));
    if (misfit !== null) {
      this.#unparsable(line, misfit);
      return;
    }
    const wall = wallTime(time, row.bytes, row.start(columns.time), row.end(columns.time));
    const instant = wall - utcOffset(time, row.bytes, row.start(columns.time), row.end(columns.time));
    if (Number.isNaN(instant)) {
      const unit = time.kind === 'epoch' ? ` in ${time.unit} since 1970, as the first rows have it` : '';
      this.#unparsable(line, `${row.show(columns.time)} is not a time${unit}`);
      return;
    }
    const day = Math.floor(wall / dayMs);
    this.#place(this.#daily ? day * dayMs : instant, day, line);
  }

  /** Bars of a day or longer open at 00:00 UTC of the date that is written, whatever the zone. */
  get #daily(): boolean {
    return (this.#layout.intervalMs ?? 0) >= dayMs;
  }

  finish(rowCount: number): CandleRows {
    const { openTime, open, high, low, close, volume, line, writtenDay } = this.#columns;
    const length = this.#length;
    return {
      length,
      openTime: openTime.slice(0, length),
      open: open.slice(0, length),
      high: high.slice(0, length),
      low: low.slice(0, length),
      close: close.slice(0, length),
      volume: volume.slice(0, length),
      line: line.slice(0, length),
      writtenDay: writtenDay.slice(0, length),
      rowCount,
    };
  }

  #place(at: EpochMs, day: number, line: number): void {
    if (at >= this.#to) {
      this.#reachedEnd = true;
      return;
    }
    if (at <= this.#previous || this.#reachedEnd) {
      const shown = this.#row.show(this.#layout.columns.time);
      const [kind, why] =
        at === this.#previous
          ? (['duplicate', `the row before has this ${this.#daily ? 'date' : 'time'} too`] as const)
          : (['not-increasing', 'a row before has a later time'] as const);
      this.#report({ kind, line, at, detail: `time ${shown}: ${why}` });
    }
    this.#previous = at;
    const index = this.#length++;
    this.#columns.openTime[index] = at;
    this.#columns.line[index] = line;
    this.#columns.writtenDay[index] = day;
    this.#readBar(index);
  }

  #readBar(index: number): void {
    const { columns } = this.#layout;
    const open = this.#row.number(columns.open);
    const high = this.#row.number(columns.high);
    const low = this.#row.number(columns.low);
    const close = this.#row.number(columns.close);
    const volume = columns.volume === null ? 0 : this.#row.number(columns.volume);
    this.#columns.open[index] = open;
    this.#columns.high[index] = high;
    this.#columns.low[index] = low;
    this.#columns.close[index] = close;
    this.#columns.volume[index] = volume;
    if (!isSoundBar(open, high, low, close, volume)) this.#explain(index, { open, high, low, close, volume });
  }

  #explain(index: number, bar: BarValues): void {
    for (const { kind, fields, why } of findBarFaults(bar)) {
      const shown = fields.map((field) => `${field} ${this.#row.show(this.#layout.columns[field] ?? 0)}`);
      this.#report({
        kind,
        line: this.#columns.line[index]!,
        at: this.#columns.openTime[index]!,
        detail: `${shown.join(', ')}: ${why}`,
      });
    }
  }

  #unparsable(line: number, detail: string): void {
    if (!this.#reachedEnd) this.#report({ kind: 'unparsable', line, at: null, detail });
  }
}

/** Why a row of `count` fields cannot be trusted, or null. One empty field more is a delimiter at the line's end. */
function findMisfit(layout: CsvLayout, row: CsvRow, count: number): string | null {
  if (count < 0) return 'a quote is not closed';
  const { columns, fieldCount } = layout;
  const enough =
    count > columns.time &&
    count > columns.open &&
    count > columns.high &&
    count > columns.low &&
    count > columns.close &&
    count > (columns.volume ?? 0);
  const tooMany = count > fieldCount && (count > fieldCount + 1 || !row.isEmpty(fieldCount));
  return enough && !tooMany ? null : `${count} fields where the header names ${fieldCount}`;
}

function allocate(capacity: number): Columns {
  return {
    openTime: new Float64Array(capacity),
    open: new Float64Array(capacity),
    high: new Float64Array(capacity),
    low: new Float64Array(capacity),
    close: new Float64Array(capacity),
    volume: new Float64Array(capacity),
    line: new Int32Array(capacity),
    writtenDay: new Int32Array(capacity),
  };
}

function countLines(bytes: Buffer, start: number): number {
  let count = 0;
  for (let position = start; position < bytes.length; position = lineEnd(bytes, position) + 1) count++;
  return count;
}
