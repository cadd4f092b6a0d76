import { type Column, Computation, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';
import { windowSum } from './window-sum.ts';

export interface Macd {
  /** Fast average minus slow average. */
  readonly line: Float64Array;
  /** Exponential average of the line. */
  readonly signal: Float64Array;
  /** Line minus signal. */
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence/divergence (Appel). TA-Lib's convention: the fast average is seeded late, so that both
 * averages start at index `slow - 1`, and all three lines are shown from `slow + signal - 2` on (33 for 12, 26, 9).
 *
 * @throws RangeError when a period is not a whole number ≥ 1, or `fast` is not below `slow`.
 */
export function macd(close: Float64Array, fast: number, slow: number, signal: number): Macd {
  const computation = new Computation();
  const lines = addMacd(computation, wholeColumn(close), fast, slow, signal);
  computation.advance(close.length);
  return { line: lines.line.values, signal: lines.signal.values, histogram: lines.histogram.values };
}

/** All three averages advance in one loop, which is three times as fast as one after the other. */
export function addMacd(to: Computation, input: Column, fast: number, slow: number, signal: number) {
  for (const period of [fast, slow, signal]) requirePeriod(period);
  if (fast >= slow)
    throw new RangeError(`the fast period must be below the slow one; got ${fast} and ${slow}`);
  const seeded = input.first + slow - 1;
  const first = seeded + signal - 1;
  const [line, smoothed, histogram] = [to.column(first), to.column(first), to.column(first)];
  let state = { quick: 0, sluggish: 0, smooth: 0 };
  to.step(first, (from, end) => {
    const { values } = input;
    const [lineOut, smoothedOut, histogramOut] = [line.values, smoothed.values, histogram.values];
    const [fastWeight, slowWeight, signalWeight] = [2 / (fast + 1), 2 / (slow + 1), 2 / (signal + 1)];
    let i = from;
    if (i === first) {
      state = seedAverages(values, seeded, { fast, slow, signal });
      lineOut[i] = state.quick - state.sluggish;
      smoothedOut[i] = state.smooth;
      histogramOut[i] = lineOut[i]! - state.smooth;
      i++;
    }
    let { quick, sluggish, smooth } = state;
    for (; i < end; i++) {
      quick += (values[i]! - quick) * fastWeight;
      sluggish += (values[i]! - sluggish) * slowWeight;
      const difference = quick - sluggish;
      smooth += (difference - smooth) * signalWeight;
      lineOut[i] = difference;
      smoothedOut[i] = smooth;
      histogramOut[i] = difference - smooth;
    }
    state = { quick, sluggish, smooth };
  });
  return { line, signal: smoothed, histogram };
}

interface Periods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

/** The averages at the first bar that is shown; those of the price are simple ones at index `seeded`. */
function seedAverages(values: Float64Array, seeded: number, { fast, slow, signal }: Periods) {
  let quick = windowSum(values, fast, seeded) / fast;
  let sluggish = windowSum(values, slow, seeded) / slow;
  let sum = quick - sluggish;
  for (let i = seeded + 1; i < seeded + signal; i++) {
    quick += (values[i]! - quick) * (2 / (fast + 1));
    sluggish += (values[i]! - sluggish) * (2 / (slow + 1));
    sum += quick - sluggish;
  }
  return { quick, sluggish, smooth: sum / signal };
}
