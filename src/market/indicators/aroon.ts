import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addHighestBar, addLowestBar } from './extreme-bar.ts';

/**
 * Aroon (Chande, 1995), 0 … 100: how lately, within `period` bars before this one, the high was highest (`up`) and the
 * low lowest (`down`); 100 is now. Of equal extremes the latest counts. First value at index `period`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addAroon(to: Computation, { high, low }: Omit<PriceInputs, 'close'>, period: number) {
  return {
    up: addRecency(to, addHighestBar(to, high, period + 1), period),
    down: addRecency(to, addLowestBar(to, low, period + 1), period),
  };
}

function addRecency(to: Computation, bar: Column, period: number): Column {
  const recency = to.column(bar.first);
  to.step(recency.first, (from, end) => {
    const [bars, out] = [bar.values, recency.values];
    for (let i = from; i < end; i++) out[i] = (100 * (period - (i - bars[i]!))) / period;
  });
  return recency;
}
