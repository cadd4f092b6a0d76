/** A column of numbers over bars. It may grow and, growing, move: `values` is to be read anew for each stretch of bars. */
export interface Column {
  /** May be longer than what is known; beyond that it says nothing. */
  readonly values: Float64Array;
  /** Index of the first value that is known. */
  readonly first: number;
}

/** Called for stretches of bars that join, `from` included and `end` not; may read columns up to `end` only. */
type Compute = (from: number, end: number) => void;

interface Step {
  done: number;
  readonly compute: Compute;
}

/**
 * Columns that are computed over bars that keep coming. Each indicator adds its columns and its loop; loops run in the
 * order in which they were added, so that one may read what an earlier one has written.
 *
 * A loop keeps its state between stretches, and works it off bar by bar: one stretch over all bars and many of one bar
 * each give the same bits. What is computed stays; bars before `end` must not change afterwards.
 */
export class Computation {
  readonly #columns: GrowingColumn[] = [];
  readonly #steps: Step[] = [];

  /** A column for a step to write, NaN until it does. Its first value is known at index `first`. */
  column(first: number): Column {
    const column = new GrowingColumn(first);
    this.#columns.push(column);
    return column;
  }

  /** Has `compute` called for every bar from index `start` on. */
  step(start: number, compute: Compute): void {
    this.#steps.push({ done: start, compute });
  }

  /** Values that all columns have room for. */
  get room(): number {
    return this.#columns.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** Computes every column up to, not including, `end`; what was added since the last time catches up. */
  advance(end: number): void {
    for (const column of this.#columns) column.reserve(end);
    for (const step of this.#steps) {
      if (step.done >= end) continue;
      step.compute(step.done, end);
      step.done = end;
    }
  }
}

/** A column that at least doubles when it is full; the first time it gets exactly the room asked for. */
class GrowingColumn implements Column {
  values = new Float64Array(0);
  readonly first: number;

  constructor(first: number) {
    this.first = first;
  }

  reserve(length: number): void {
    const { values } = this;
    if (length <= values.length) return;
    const roomier = new Float64Array(Math.max(length, 2 * values.length));
    roomier.set(values);
    // Between these two stretches lies what steps are about to write, every value of it.
    roomier.fill(Number.NaN, values.length, this.first);
    roomier.fill(Number.NaN, length);
    this.values = roomier;
  }
}

/** A column all of whose values are there. */
export function wholeColumn(values: Float64Array): Column {
  return { values, first: 0 };
}

/** The column that `add` makes, computed at once for `length` bars. */
export function computeWhole(length: number, add: (to: Computation) => Column): Float64Array {
  const computation = new Computation();
  const column = add(computation);
  computation.advance(length);
  return column.values;
}
