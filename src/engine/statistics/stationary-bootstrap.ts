import { createRandom, type Random } from '../../core/index.ts';
import { automaticBlockLength } from './block-length.ts';
import { quantileOf } from './percentiles.ts';

/** 95 % by the percentile method; in the unit of its statistic. */
export interface ConfidenceInterval {
  /** The statistic of the days as they were. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Of columns that share their days. The columns are buffers, overwritten by the next sample. Null where undefined. */
export type Statistic = (columns: readonly Float64Array[]) => number | null;

export interface BootstrapOptions {
  readonly seed: number;
  /** How often the days are drawn anew; default 1000. */
  readonly samples?: number;
  /** Mean length of a block in days, 1 or more; by default the longest that {@link automaticBlockLength} finds in a column. */
  readonly blockLength?: number;
}

export interface Bootstrap {
  readonly blockLength: number;
  /** Shows each sample in turn; every call shows the same ones. */
  forEachSample(visit: (columns: readonly Float64Array[]) => void): void;
  /**
   * Null when the statistic is undefined for the days themselves, or for more than one sample in forty: the bound of
   * 2.5 % would then be one of another distribution.
   */
  intervalOf(statistic: Statistic): ConfidenceInterval | null;
}

/**
 * The stationary bootstrap of Politis & Romano (1994): days are drawn in blocks of geometric length that wrap around
 * the end, the same days from every column, so that what belongs together stays together.
 *
 * @param columns daily returns (fractions), one column per series, all of one length.
 * @throws RangeError when lengths differ, or an option is out of bounds.
 */
export function stationaryBootstrap(columns: readonly Float64Array[], options: BootstrapOptions): Bootstrap {
  const { seed, samples = 1000, blockLength = Math.max(1, ...columns.map(automaticBlockLength)) } = options;
  const days = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== days)) throw new RangeError('columns differ in length');
  if (!Number.isInteger(samples) || samples < 1) throw new RangeError(`samples is 1 or more; got ${samples}`);
  if (!(blockLength >= 1)) throw new RangeError(`blockLength is 1 or more; got ${blockLength}`);

  const forEachSample: Bootstrap['forEachSample'] = (visit) => {
    const random = createRandom(seed);
    const chosen = new Int32Array(days);
    const drawn = columns.map(() => new Float64Array(days));
    for (let sample = 0; sample < samples; sample++) {
      chooseDays(chosen, blockLength, random);
      for (const [series, column] of columns.entries()) pick(column, chosen, drawn[series]!);
      visit(drawn);
    }
  };
  return {
    blockLength,
    forEachSample,
    intervalOf: (statistic) => {
      const estimate = finiteOrNull(statistic(columns));
      if (estimate === null) return null;
      const values: number[] = [];
      forEachSample((drawn) => {
        const value = finiteOrNull(statistic(drawn));
        if (value !== null) values.push(value);
      });
      if (samples - values.length > samples / 40) return null;
      const sorted = Float64Array.from(values).sort();
      return { estimate, low: quantileOf(sorted, 0.025), high: quantileOf(sorted, 0.975) };
    },
  };
}

function chooseDays(chosen: Int32Array, blockLength: number, random: Random): void {
  const days = chosen.length;
  const chanceOfBreak = 1 / blockLength;
  let day = days;
  for (let index = 0; index < days; index++) {
    const breaks = index === 0 || random() < chanceOfBreak;
    day = breaks ? Math.floor(random() * days) : day + 1;
    if (day === days) day = 0;
    chosen[index] = day;
  }
}

function pick(column: Float64Array, chosen: Int32Array, into: Float64Array): void {
  for (let index = 0; index < chosen.length; index++) into[index] = column[chosen[index]!]!;
}

function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
