import { type CandleArrays, type CandleInputs, candleInputs } from './candle-inputs.ts';
import { type Column, Computation } from './computation.ts';
import { type IndicatorName, parseIndicatorName } from './indicator-name.ts';

/**
 * Indicators of one instrument, computed as its bars close: `advance(i + 1)` once bar i is known, or once for all bars.
 * Either way gives the same bits. Names that mean the same, or columns of one indicator, are computed once.
 */
export class IndicatorSet {
  readonly #candles: CandleInputs;
  readonly #computation = new Computation();
  readonly #columns = new Map<string, { readonly [suffix: string]: Column }>();
  #end = 0;

  constructor(source: CandleArrays) {
    this.#candles = candleInputs(source);
  }

  /**
   * The column that `name` stands for (see `parseIndicatorName`), computed as far as the others. Values not computed
   * yet are NaN, as are those before its `first`.
   *
   * @throws RangeError when there is no such indicator; says what to write instead.
   */
  column(name: string): Column {
    const parsed = parseIndicatorName(name);
    if (parsed.kind === 'fault') throw new RangeError(`${parsed.message}. ${parsed.hint}`);
    return this.#columnsOf(parsed)[parsed.output]!;
  }

  /** Values that all columns together have room for: 8 bytes each. */
  get room(): number {
    return this.#computation.room;
  }

  /** Computes every column up to, not including, `end`. Bars before `end` must not change afterwards. */
  advance(end: number): void {
    this.#end = Math.max(this.#end, end);
    this.#computation.advance(this.#end);
  }

  #columnsOf({ family, parameters }: IndicatorName): { readonly [suffix: string]: Column } {
    const key = [family.name, ...parameters].join('-');
    const known = this.#columns.get(key);
    if (known) return known;
    const columns = family.add(this.#computation, this.#candles, ...parameters);
    this.#columns.set(key, columns);
    this.#computation.advance(this.#end);
    return columns;
  }
}
