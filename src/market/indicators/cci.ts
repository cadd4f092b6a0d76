import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addMeanAndDeviation } from './standard-deviation.ts';
import { addTypicalPrice } from './typical-price.ts';

/** Lambert's constant: with it about three quarters of all values lie between -100 and 100. */
const scale = 0.015;

/**
 * Commodity channel index (Lambert, 1980): how far the typical price lies from its average, in mean absolute deviations.
 * First value at index `period - 1`. As in TA-Lib, a window without deviation gives 0.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addCci(to: Computation, prices: PriceInputs, period: number): Column {
  const typical = addTypicalPrice(to, prices);
  // Its mean of equal prices is that price exactly, where a sum divided would leave a rounding error over itself.
  const { mean } = addMeanAndDeviation(to, typical, period);
  const index = to.column(mean.first);
  to.step(index.first, (from, end) => {
    const [{ values }, average, out] = [typical, mean.values, index.values];
    for (let i = from; i < end; i++) {
      const centre = average[i]!;
      let deviation = 0;
      for (let bar = i - period + 1; bar <= i; bar++) deviation += Math.abs(values[bar]! - centre);
      out[i] = deviation === 0 ? 0 : (values[i]! - centre) / ((scale * deviation) / period);
    }
  });
  return index;
}
