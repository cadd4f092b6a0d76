import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addHighest, addLowest } from './donchian.ts';

/**
 * Williams' %R, -100 … 0: how far the close lies below the highest high, in per cent of the range of the last `period`
 * bars. First value at index `period - 1`. As in TA-Lib, a range of 0 gives 0.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addWilliamsR(to: Computation, { high, low, close }: PriceInputs, period: number): Column {
  const highest = addHighest(to, high, period);
  const lowest = addLowest(to, low, period);
  const depth = to.column(highest.first);
  to.step(depth.first, (from, end) => {
    const [top, bottom, closes, out] = [highest.values, lowest.values, close.values, depth.values];
    for (let i = from; i < end; i++) {
      const range = top[i]! - bottom[i]!;
      out[i] = range === 0 ? 0 : (100 * (closes[i]! - top[i]!)) / range;
    }
  });
  return depth;
}
