import type { CandleInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addSlidingSum } from './sliding-sum.ts';
import { addTypicalPrice } from './typical-price.ts';

/**
 * Money flow index, 0 … 100: of the money (typical price times volume) of the last `period` bars, the share of those
 * that rose; a bar that did not move counts for neither side. First value at index `period`. Where no money flowed,
 * for want of volume or of movement, it is 0, as in TA-Lib.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addMfi(to: Computation, candles: Omit<CandleInputs, 'openTime'>, period: number): Column {
  const typical = addTypicalPrice(to, candles);
  const [rising, falling] = [to.column(1), to.column(1)];
  to.step(1, (from, end) => {
    const [{ values }, volume] = [typical, candles.volume.values];
    const [risingOut, fallingOut] = [rising.values, falling.values];
    for (let i = from; i < end; i++) {
      const flow = values[i]! * volume[i]!;
      risingOut[i] = values[i]! > values[i - 1]! ? flow : 0;
      fallingOut[i] = values[i]! < values[i - 1]! ? flow : 0;
    }
  });
  const inflow = addSlidingSum(to, rising, period);
  const outflow = addSlidingSum(to, falling, period);
  const index = to.column(inflow.first);
  to.step(index.first, (from, end) => {
    const [gained, lost, out] = [inflow.values, outflow.values, index.values];
    for (let i = from; i < end; i++) {
      const total = gained[i]! + lost[i]!;
      out[i] = total === 0 ? 0 : (100 * gained[i]!) / total;
    }
  });
  return index;
}
