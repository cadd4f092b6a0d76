import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';
import { addSlidingSum } from './sliding-sum.ts';
import { addTrueRange } from './true-range.ts';

/**
 * Ultimate oscillator (Williams, 1985), 0 … 100: buying pressure over true range, taken over three periods that weigh
 * 4, 2 and 1, the shortest most, in whichever order they are given. First value at the index of the longest period.
 * As in TA-Lib, a period without any range counts as 0.
 *
 * @throws RangeError when a period is not a whole number ≥ 1.
 */
export function addUltimateOscillator(
  to: Computation,
  prices: PriceInputs,
  ...periods: readonly [number, number, number]
): Column {
  const pressure = addBuyingPressure(to, prices);
  const range = addTrueRange(to, prices);
  const [short, middle, long] = periods
    .toSorted((a, b) => a - b)
    .map((period) => addShare(to, addSlidingSum(to, pressure, period), addSlidingSum(to, range, period)));
  const oscillator = to.column(long!.first);
  to.step(oscillator.first, (from, end) => {
    const [first, second, third, out] = [short!.values, middle!.values, long!.values, oscillator.values];
    for (let i = from; i < end; i++) out[i] = (100 * (4 * first[i]! + 2 * second[i]! + third[i]!)) / 7;
  });
  return oscillator;
}

/** How far the close lies above the low, or above the previous close where that is lower. */
function addBuyingPressure(to: Computation, { low, close }: PriceInputs): Column {
  const pressure = to.column(1);
  to.step(pressure.first, (from, end) => {
    const [lows, closes, out] = [low.values, close.values, pressure.values];
    for (let i = from; i < end; i++) out[i] = closes[i]! - Math.min(lows[i]!, closes[i - 1]!);
  });
  return pressure;
}

function addShare(to: Computation, part: Column, whole: Column): Column {
  const share = to.column(whole.first);
  to.step(share.first, (from, end) => {
    const [parts, wholes, out] = [part.values, whole.values, share.values];
    for (let i = from; i < end; i++) out[i] = wholes[i] === 0 ? 0 : parts[i]! / wholes[i]!;
  });
  return share;
}
