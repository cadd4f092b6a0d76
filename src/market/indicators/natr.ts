import { addAtr } from './atr.ts';
import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/**
 * Average true range in per cent of the close, which makes instruments of different price comparable. First value at
 * index `period`. At a close of 0 it is 0, as in TA-Lib.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addNatr(to: Computation, prices: PriceInputs, period: number): Column {
  const average = addAtr(to, prices, period);
  const share = to.column(average.first);
  to.step(share.first, (from, end) => {
    const [range, close, out] = [average.values, prices.close.values, share.values];
    for (let i = from; i < end; i++) out[i] = close[i] === 0 ? 0 : (range[i]! / close[i]!) * 100;
  });
  return share;
}
