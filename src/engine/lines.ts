import { type CandleSeries, firstLineOf, nearestWord, OrreryError } from '../core/index.ts';
import { IndicatorSet } from '../market/index.ts';
import type { Line } from './strategy.ts';

interface Column {
  readonly values: Float64Array;
  readonly first: number;
}

/** The lines a strategy reads, by the names it gave them; the candles' own columns are among them. */
export interface Lines {
  /** Index of the first bar at which every line has a value. */
  readonly first: number;
  /** The line that has its first value last, and at which bar; null where it has none so far, nor ever said when. */
  readonly slowest: { readonly name: string; readonly first: number | null };
  /**
   * Values up to where the lines have been computed.
   * @throws OrreryError `strategy-invalid` when there is no line of that name.
   */
  column(name: string): Float64Array;
  /** Up to which bar, not included, lines have been computed. */
  readonly end: number;
  /** Computes lines up to, not including, bar `end`; `series` must hold those bars. */
  advance(end: number): void;
}

const candleColumns = ['open', 'high', 'low', 'close', 'volume'] as const;

/** A line that its author's function draws. */
interface Drawn {
  readonly name: string;
  readonly column: { values: Float64Array; first: number };
  readonly line: (candles: CandleSeries) => Float64Array;
}

/**
 * Lines over a series that may still grow. Named indicators are computed as the bars come; a function is called with the
 * bars there are, so that what it gives for a bar must not depend on how many follow.
 * @throws OrreryError `strategy-invalid` for a name that is no indicator.
 */
export function openLines(
  lines: Readonly<Record<string, Line>>,
  series: CandleSeries,
  indicators: IndicatorSet = new IndicatorSet(series),
): Lines {
  if (typeof lines !== 'object' || lines === null) throw noLines();
  return new OpenLines(lines, series, indicators);
}

class OpenLines implements Lines {
  end = 0;
  readonly #series: CandleSeries;
  readonly #indicators: IndicatorSet;
  readonly #drawn: Drawn[] = [];
  readonly #columns = new Map<string, Column>();
  /** Looked up on every bar, where comparing a few names is quicker than any hash. */
  readonly #names: readonly string[];
  /** By name, renewed when columns may have moved. */
  #values: readonly Float64Array[] = [];

  constructor(lines: Readonly<Record<string, Line>>, series: CandleSeries, indicators: IndicatorSet) {
    this.#series = series;
    this.#indicators = indicators;
    for (const name of candleColumns) this.#columns.set(name, new CandleColumn(series, name));
    for (const [name, line] of Object.entries(lines)) {
      if (this.#columns.has(name)) throw nameTaken(name);
      this.#columns.set(name, this.#add(name, line));
    }
    this.#names = [...this.#columns.keys()].reverse();
    this.#renew();
  }

  get first(): number {
    return [...this.#columns.values()].reduce((latest, { first }) => Math.max(latest, first), 0);
  }

  get slowest(): Lines['slowest'] {
    const [name, { first }] = [...this.#columns].reduce((slow, one) =>
      one[1].first > slow[1].first ? one : slow,
    );
    const never = first >= this.end && this.#drawn.some((line) => line.name === name);
    return { name, first: never ? null : first };
  }

  column(name: string): Float64Array {
    const names = this.#names;
    for (let at = 0; at < names.length; at++) if (names[at] === name) return this.#values[at]!;
    throw unknownLine(name, names);
  }

  advance(end: number): void {
    this.#indicators.advance(end);
    // Copies: what a strategy writes into them must not become the market.
    const seen = this.#drawn.length === 0 ? this.#series : copyOf(this.#series);
    for (const { name, column, line } of this.#drawn) {
      column.values = drawn(name, () => checked(line(seen), end));
      const first = column.values.findIndex((value) => !Number.isNaN(value));
      column.first = first < 0 ? end : first;
    }
    this.#renew();
    this.end = end;
  }

  #add(name: string, line: Line): Column {
    if (typeof line !== 'function') return named(this.#indicators, name, line);
    const column = { values: new Float64Array(0), first: 0 };
    this.#drawn.push({ name, column, line });
    return column;
  }

  #renew(): void {
    this.#values = this.#names.map((name) => this.#columns.get(name)!.values);
  }
}

/** A column of the candles themselves, wherever it has grown to. */
class CandleColumn implements Column {
  readonly first = 0;
  readonly #series: CandleSeries;
  readonly #name: (typeof candleColumns)[number];

  constructor(series: CandleSeries, name: (typeof candleColumns)[number]) {
    this.#series = series;
    this.#name = name;
  }

  get values(): Float64Array {
    return this.#series[this.#name];
  }
}

/** All lines of a whole series. */
export function linesOf(
  lines: Readonly<Record<string, Line>>,
  series: CandleSeries,
  indicators?: IndicatorSet,
): Lines {
  const open = openLines(lines, series, indicators);
  open.advance(series.length);
  return open;
}

function named(indicators: IndicatorSet, name: string, line: string): Column {
  try {
    return indicators.column(line);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new OrreryError('strategy-invalid', `line "${name}": ${thrown.message}`, {
      hint: 'docs/indicators.md lists all indicators.',
    });
  }
}

function copyOf(series: CandleSeries): CandleSeries {
  const { openTime, open, high, low, close, volume } = series;
  return {
    ...{ symbol: series.symbol, intervalMs: series.intervalMs, length: series.length },
    ...{ openTime: openTime.slice(), open: open.slice(), high: high.slice() },
    ...{ low: low.slice(), close: close.slice(), volume: volume.slice() },
  };
}

/** A line's function is its author's: what it throws is told as that. */
function drawn(name: string, compute: () => Float64Array): Float64Array {
  try {
    return compute();
  } catch (cause) {
    if (cause instanceof OrreryError) throw cause;
    throw new OrreryError('strategy-invalid', `line "${name}" failed: ${firstLineOf(cause)}`, {
      hint: 'It is given columns: close[i], not candles[i].close. --verbose shows where.',
      cause,
    });
  }
}

function noLines(): OrreryError {
  return new OrreryError('strategy-invalid', 'indicators gives no lines', {
    hint: "Write indicators: () => ({ mean: 'sma-20' }).",
  });
}

function nameTaken(name: string): OrreryError {
  return new OrreryError('strategy-invalid', `a line must not be named "${name}": that is the candles' own`, {
    hint: `Give it another name, such as ${name}Line; indicator('${name}') reads the candles.`,
  });
}

function checked(values: Float64Array, end: number): Float64Array {
  if (values instanceof Float64Array && values.length >= end) return values;
  throw new OrreryError('strategy-invalid', 'a line must be a Float64Array with one value per candle', {
    hint: 'Start from new Float64Array(candles.length).fill(NaN).',
  });
}

function unknownLine(name: string, known: readonly string[]): OrreryError {
  const near = nearestWord(name, known);
  return new OrreryError('strategy-invalid', `the strategy reads a line "${name}" that it does not name`, {
    hint: near === null ? `Its lines are ${known.join(', ')}.` : `Did you mean ${near}?`,
  });
}
