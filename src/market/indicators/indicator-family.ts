import type { CandleInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/** `price` stands for the quote currency; `score` is a scale of the indicator's own. */
export type IndicatorUnit = 'price' | 'units' | '%' | 'score';

/** One of the numbers in an indicator's name. Bounds are inclusive. */
export interface IndicatorParameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** What a name without it means; null when it has to be given. */
  readonly default: number | null;
}

/** Indicators that differ by numbers only: `ema-20` and `ema-50` are of the family `ema`. */
export interface IndicatorFamily {
  readonly name: string;
  /** What it tells, in one line. */
  readonly summary: string;
  /** In the order in which a name gives them. Once one has a default, so have all that follow. */
  readonly parameters: readonly IndicatorParameter[];
  /** Units of its columns, by suffix: `signal` for `macd.signal`. A name without a suffix means the first. */
  readonly outputs: { readonly [suffix: string]: IndicatorUnit };
  /** Why these numbers do not go together; null when they do. Absent when any do. */
  readonly fault?: (...parameters: number[]) => string | null;
  /** Adds a column for each of `outputs`. Takes as many numbers as there are parameters. */
  readonly add: AddTo<CandleInputs, { readonly [suffix: string]: Column }>;
}

type AddTo<Input, Output> = (to: Computation, input: Input, ...parameters: number[]) => Output;

/** A family of one column that depends on the close alone. */
export function ofClose(
  name: string,
  summary: string,
  unit: IndicatorUnit,
  parameters: readonly IndicatorParameter[],
  add: AddTo<Column, Column>,
): IndicatorFamily {
  return ofCandles(name, summary, unit, parameters, (to, { close }, ...rest) => add(to, close, ...rest));
}

/** A family of one column. */
export function ofCandles(
  name: string,
  summary: string,
  unit: IndicatorUnit,
  parameters: readonly IndicatorParameter[],
  add: AddTo<CandleInputs, Column>,
): IndicatorFamily {
  return {
    name,
    summary,
    parameters,
    outputs: { '': unit },
    add: (to, candles, ...rest) => ({ '': add(to, candles, ...rest) }),
  };
}

/** A number of bars; ten thousand are a year of hours and more. */
export function bars(name: string, standard: number | null = null, min = 1): IndicatorParameter {
  return { name, min, max: 10_000, whole: true, default: standard };
}

export function fraction(name: string, standard: number, min: number, max: number): IndicatorParameter {
  return { name, min, max, whole: false, default: standard };
}
