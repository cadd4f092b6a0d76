import { readDecimal } from './csv-number.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const space = 0x20;
const tab = 0x09;

/** Offset of the line feed that ends the line at `start`, or the end of the bytes. */
export function lineEnd(bytes: Buffer, start: number): number {
  const found = bytes.indexOf(newline, start);
  return found < 0 ? bytes.length : found;
}

/** True for a line of nothing but blanks. */
export function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    const code = bytes[position]!;
    if (code !== space && code !== carriageReturn && code !== tab) return false;
  }
  return true;
}

/** Text of a file for a person: quoted, control characters escaped, at most 40 characters. */
export function showText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, Math.min(end, start + 200));
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/**
 * The row last split, as positions in the file's bytes, so that a million rows make no garbage. Blanks around a field
 * and the quotes that enclose it do not belong to it.
 */
export class CsvRow {
  readonly bytes: Buffer;
  readonly #delimiter: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  /** Fields behind the first `capacity` are counted, not kept. */
  constructor(bytes: Buffer, delimiter: number, capacity: number) {
    this.bytes = bytes;
    this.#delimiter = delimiter;
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  /**
   * Splits the line and returns the number of fields, or -1 when a quote is not closed before the next delimiter or
   * the line's end: rows of candles hold no line breaks, so a stray quote costs one row and not the rest of the file.
   */
  split(start: number, lineFeed: number): number {
    const { bytes } = this;
    const delimiter = this.#delimiter;
    const end = lineFeed > start && bytes[lineFeed - 1] === carriageReturn ? lineFeed - 1 : lineFeed;
    let count = 0;
    let position = start;
    for (;;) {
      while (position < end && bytes[position] === space) position++;
      let from = position;
      let to: number;
      if (position < end && bytes[position] === quote) {
        from = position + 1;
        to = closingQuote(bytes, from, end);
        if (to < 0) return -1;
        position = to + 1;
        while (position < end && bytes[position] === space) position++;
        if (position < end && bytes[position] !== delimiter) return -1;
      } else {
        while (position < end && bytes[position] !== delimiter) position++;
        to = position;
      }
      while (to > from && bytes[to - 1] === space) to--;
      if (count < this.#starts.length) {
        this.#starts[count] = from;
        this.#ends[count] = to;
      }
      count++;
      if (position >= end) return count;
      position++;
    }
  }

  start(column: number): number {
    return this.#starts[column]!;
  }

  end(column: number): number {
    return this.#ends[column]!;
  }

  isEmpty(column: number): boolean {
    return this.#starts[column] === this.#ends[column];
  }

  /** NaN when the field is no plain decimal number. */
  number(column: number): number {
    return readDecimal(this.bytes, this.#starts[column]!, this.#ends[column]!);
  }

  text(column: number): string {
    return this.bytes.toString('utf8', this.#starts[column], this.#ends[column]);
  }

  show(column: number): string {
    return showText(this.bytes, this.#starts[column]!, this.#ends[column]!);
  }
}

/** A doubled quote inside a quoted field stands for one quote and does not close it. */
function closingQuote(bytes: Buffer, start: number, end: number): number {
  for (let position = start; position < end; position++) {
    if (bytes[position] !== quote) continue;
    if (position + 1 < end && bytes[position + 1] === quote) position++;
    else return position;
  }
  return -1;
}
