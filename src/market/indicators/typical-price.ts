import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/** Mean of high, low and close. */
export function addTypicalPrice(to: Computation, { high, low, close }: PriceInputs): Column {
  const typical = to.column(0);
  to.step(typical.first, (from, end) => {
    const [highs, lows, closes, out] = [high.values, low.values, close.values, typical.values];
    for (let i = from; i < end; i++) out[i] = (highs[i]! + lows[i]! + closes[i]!) / 3;
  });
  return typical;
}
