import type { CandleSeries } from '../../core/index.ts';

/** `price` stands for the instrument's quote currency, which a moon does not know; `score` is a scale of its own. */
export type MoonUnit = 'price' | 'units' | '%' | 'score' | 'ratio' | '';

/** One column of values, as long as the series, NaN while warming up. */
interface MoonLine {
  /** Added to the moon's name with a dot, e.g. `signal` for `macd.signal`; '' for the main value. */
  readonly suffix: string;
  readonly unit: MoonUnit;
  readonly values: Float64Array;
}

export interface MoonResult {
  /** The main value first. */
  readonly lines: readonly MoonLine[];
  /** 1 at each bar where something happened that an agent should not miss; null when the moon watches for nothing. */
  readonly critical: Uint8Array | null;
}

/**
 * What a moon does: pure, and causal: values at bar i depend on bars 0 … i only, whatever follows. A test holds every
 * registered moon to that.
 */
interface MoonCalculation {
  /** Index of a bar from which on every line has a value, for bars of `intervalMs` milliseconds. */
  warmUp(intervalMs: number): number;
  compute(series: CandleSeries): MoonResult;
}

/** A calculation under the name that desks use, e.g. `ema-50`. Equal names mean equal calculations. */
export interface Moon extends MoonCalculation {
  readonly name: string;
}

interface MoonFamilyHead {
  /** The name without its number, e.g. `ema`. */
  readonly family: string;
  /** What it tells, in one line. */
  readonly summary: string;
}

/** A moon without a number, such as `macd`. */
export interface PlainMoonFamily extends MoonFamilyHead {
  readonly parameter: null;
  create(): MoonCalculation;
}

/** Moons that differ by a whole number, usually of bars, such as `ema-50`. */
export interface NumberedMoonFamily extends MoonFamilyHead {
  /** Both inclusive. */
  readonly parameter: { readonly min: number; readonly max: number };
  create(parameter: number): MoonCalculation;
}

/** What one file in this folder defines; `families.ts` lists them. */
export type MoonFamily = PlainMoonFamily | NumberedMoonFamily;

/** Bounds of a moving average's length. A year of hours fits. */
export const periodBounds = { min: 2, max: 10_000 } as const;
