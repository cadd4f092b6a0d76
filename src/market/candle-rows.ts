import { dayMs, type EpochMs } from '../core/index.ts';
import type { CandleField } from './candle-columns.ts';
import { type BarValues, findBarFaults, isSoundBar } from './candle-sanity.ts';

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

export interface CollectorOptions {
  /** At least as many rows as will be added. */
  readonly capacity: number;
  readonly intervalMs: number | null;
  readonly limits: RowLimits;
  /** May throw to end the reading. */
  readonly report: (fault: RowFault) => void;
  /** What stands in the field of the row that is being added, for a person. */
  readonly show: (field: CandleField) => string;
}

type Columns = Omit<CandleRows, 'length' | 'rowCount'>;

/** The columns being filled, row by row in the order of the file, and what the next row is compared with. */
export class CandleRowCollector {
  readonly #options: CollectorOptions;
  readonly #columns: Columns;
  #length = 0;
  #rowCount = 0;
  #previous = Number.NEGATIVE_INFINITY;
  /** A row at `to` or later was seen: what follows cannot be before it. */
  #reachedEnd = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#columns = allocate(options.capacity);
  }

  /** A row that cannot be made out, or whose time cannot. */
  addUnparsable(line: number, detail: string): void {
    this.#rowCount++;
    if (!this.#reachedEnd) this.#options.report({ kind: 'unparsable', line, at: null, detail });
  }

  /**
   * Begins a row by its time: see `Stamp` for both numbers.
   * @returns whether the row is wanted; then {@link addBar} follows
   */
  addTime(wall: number, offset: number, line: number): boolean {
    this.#rowCount++;
    const day = Math.floor(wall / dayMs);
    const at = this.#daily ? day * dayMs : wall - offset;
    if (at >= this.#options.limits.to) {
      this.#reachedEnd = true;
      return false;
    }
    if (at <= this.#previous || this.#reachedEnd) this.#reportOrder(at, line);
    this.#previous = at;
    const index = this.#length++;
    this.#columns.openTime[index] = at;
    this.#columns.line[index] = line;
    this.#columns.writtenDay[index] = day;
    return true;
  }

  addBar(open: number, high: number, low: number, close: number, volume: number): void {
    const index = this.#length - 1;
    this.#columns.open[index] = open;
    this.#columns.high[index] = high;
    this.#columns.low[index] = low;
    this.#columns.close[index] = close;
    this.#columns.volume[index] = volume;
    if (!isSoundBar(open, high, low, close, volume)) this.#explain(index, { open, high, low, close, volume });
  }

  finish(): CandleRows {
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
      rowCount: this.#rowCount,
    };
  }

  /** Bars of a day or longer open at 00:00 UTC of the date that is written, whatever the zone. */
  get #daily(): boolean {
    return (this.#options.intervalMs ?? 0) >= dayMs;
  }

  #reportOrder(at: EpochMs, line: number): void {
    const [kind, why] =
      at === this.#previous
        ? (['duplicate', `the row before has this ${this.#daily ? 'date' : 'time'} too`] as const)
        : (['not-increasing', 'a row before has a later time'] as const);
    this.#options.report({ kind, line, at, detail: `time ${this.#options.show('time')}: ${why}` });
  }

  #explain(index: number, bar: BarValues): void {
    for (const { kind, fields, why } of findBarFaults(bar)) {
      const shown = fields.map((field) => `${field} ${this.#options.show(field)}`);
      this.#options.report({
        kind,
        line: this.#columns.line[index]!,
        at: this.#columns.openTime[index]!,
        detail: `${shown.join(', ')}: ${why}`,
      });
    }
  }
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
