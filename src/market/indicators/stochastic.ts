import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addHighest, addLowest } from './donchian.ts';
import { addSma } from './sma.ts';

/** Where the close stands, and the average of that. Both are known from the same bar on, as in TA-Lib. */
export type StochasticColumns = { readonly k: Column; readonly d: Column };

/**
 * Stochastic oscillator (Lane), 0 … 100: `k` is the place of the close in the range of the last `period` bars, averaged
 * over `smoothing` bars, `d` the average of the last `signal` of k. First values at index
 * `period + smoothing + signal - 3`. As in TA-Lib, a range of 0 counts as the place 0.
 *
 * @throws RangeError when a period is not a whole number ≥ 1.
 */
export function addStochastic(
  to: Computation,
  prices: PriceInputs,
  period: number,
  smoothing: number,
  signal: number,
): StochasticColumns {
  const slow = addSma(to, addPlaceInRange(to, prices, period), smoothing);
  const d = addSma(to, slow, signal);
  return { k: addFrom(to, slow, d.first), d };
}

/** The same without the smoothing of k: `addStochastic` with a `smoothing` of 1. */
export function addStochasticFast(
  to: Computation,
  prices: PriceInputs,
  period: number,
  signal: number,
): StochasticColumns {
  const place = addPlaceInRange(to, prices, period);
  const d = addSma(to, place, signal);
  return { k: addFrom(to, place, d.first), d };
}

function addPlaceInRange(to: Computation, { high, low, close }: PriceInputs, period: number): Column {
  const highest = addHighest(to, high, period);
  const lowest = addLowest(to, low, period);
  const place = to.column(highest.first);
  to.step(place.first, (from, end) => {
    const [top, bottom, closes, out] = [highest.values, lowest.values, close.values, place.values];
    for (let i = from; i < end; i++) {
      const range = top[i]! - bottom[i]!;
      out[i] = range === 0 ? 0 : (100 * (closes[i]! - bottom[i]!)) / range;
    }
  });
  return place;
}

/** The same column, unknown before index `first`. */
function addFrom(to: Computation, input: Column, first: number): Column {
  const later = to.column(first);
  to.step(first, (from, end) => later.values.set(input.values.subarray(from, end), from));
  return later;
}
