import { dayMs } from '../../core/index.ts';
import type { CandleInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addTypicalPrice } from './typical-price.ts';

/**
 * Volume-weighted average of the typical price since the first bar, and since the first bar that opened on the same
 * calendar day (UTC). Until there is volume to weigh by, it is the typical price itself.
 */
export function addVwap(to: Computation, candles: CandleInputs) {
  const typical = addTypicalPrice(to, candles);
  return {
    cumulative: addWeightedAverage(to, typical, candles, Number.POSITIVE_INFINITY),
    session: addWeightedAverage(to, typical, candles, dayMs),
  };
}

/** Starts anew with each session of `sessionMs`, counted from the epoch. */
function addWeightedAverage(
  to: Computation,
  input: Column,
  { openTime, volume }: CandleInputs,
  sessionMs: number,
): Column {
  const average = to.column(0);
  let session = Number.NaN;
  let traded = 0;
  let paid = 0;
  to.step(average.first, (from, end) => {
    const [{ values }, opened, volumes, out] = [input, openTime.values, volume.values, average.values];
    for (let i = from; i < end; i++) {
      const current = Math.floor(opened[i]! / sessionMs);
      if (current !== session) [session, traded, paid] = [current, 0, 0];
      traded += volumes[i]!;
      paid += values[i]! * volumes[i]!;
      out[i] = traded === 0 ? values[i]! : paid / traded;
    }
  });
  return average;
}
