import type { Column, Computation } from './computation.ts';
import { requirePeriod } from './period.ts';

/** Index of the bar with the highest of the last `period` values, the latest of equals. */
export function addHighestBar(to: Computation, input: Column, period: number): Column {
  return addExtremeBar(to, input, period, 1);
}

/** Index of the bar with the lowest of the last `period` values, the latest of equals. */
export function addLowestBar(to: Computation, input: Column, period: number): Column {
  return addExtremeBar(to, input, period, -1);
}

/**
 * Keeps, in a ring, the bars of the window that no later one has outdone, so their values fall from front to back and
 * the front is the answer. Each bar enters and leaves once: the cost of a bar does not grow with the period.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
function addExtremeBar(to: Computation, input: Column, period: number, sign: 1 | -1): Column {
  requirePeriod(period);
  const first = input.first + period - 1;
  const extreme = to.column(first);
  const ring = new Int32Array(2 ** Math.ceil(Math.log2(period)));
  const mask = ring.length - 1;
  let state = { front: 0, back: 0 };
  to.step(input.first, (from, end) => {
    const { values } = input;
    const out = extreme.values;
    let { front, back } = state;
    for (let i = from; i < end; i++) {
      if (back > front && ring[front & mask]! <= i - period) front++;
      const value = sign * values[i]!;
      while (back > front && sign * values[ring[(back - 1) & mask]!]! <= value) back--;
      ring[back++ & mask] = i;
      if (i >= first) out[i] = ring[front & mask]!;
    }
    state = { front, back };
  });
  return extreme;
}
