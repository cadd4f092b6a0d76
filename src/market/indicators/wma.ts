import type { Column, Computation } from './computation.ts';
import { requirePeriod } from './period.ts';

/**
 * Weighted moving average: of the last `period` values the newest weighs `period`, the oldest 1. First value
 * `period - 1` bars after the first of `input`. Like the simple average it is taken anew once every `period` bars.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addWma(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const first = input.first + period - 1;
  const average = to.column(first);
  const weights = (period * (period + 1)) / 2;
  let anchor = first;
  let sum = 0;
  let weighted = 0;
  to.step(first, (from, end) => {
    const { values } = input;
    const out = average.values;
    for (let i = from; i < end; i++) {
      if (i === anchor) {
        sum = 0;
        weighted = 0;
        for (let weight = 1; weight <= period; weight++) {
          const value = values[i - period + weight]!;
          sum += value;
          weighted += weight * value;
        }
        anchor += period;
      } else {
        weighted += period * values[i]! - sum;
        sum += values[i]! - values[i - period]!;
      }
      out[i] = weighted / weights;
    }
  });
  return average;
}
