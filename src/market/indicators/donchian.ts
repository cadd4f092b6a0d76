import type { Column, Computation } from './computation.ts';
import { addHighestBar, addLowestBar } from './extreme-bar.ts';

/**
 * Upper edge of Donchian's channel: the highest of the last `period` values, this bar's included. First value at index
 * `period - 1`.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function addHighest(to: Computation, high: Column, period: number): Column {
  return addValueAt(to, high, addHighestBar(to, high, period));
}

/** Lower edge of Donchian's channel: the lowest of the last `period` values; otherwise as `addHighest`. */
export function addLowest(to: Computation, low: Column, period: number): Column {
  return addValueAt(to, low, addLowestBar(to, low, period));
}

function addValueAt(to: Computation, input: Column, bar: Column): Column {
  const edge = to.column(bar.first);
  to.step(edge.first, (from, end) => {
    const [{ values }, bars, out] = [input, bar.values, edge.values];
    for (let i = from; i < end; i++) out[i] = values[bars[i]!]!;
  });
  return edge;
}
