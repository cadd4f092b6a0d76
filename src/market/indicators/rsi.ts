import { type Column, type Computation, computeWhole, wholeColumn } from './computation.ts';
import { requirePeriod } from './period.ts';

/**
 * Relative strength index (Wilder, 1978), 0 … 100: average gain over average gain plus average loss, both smoothed
 * by Wilder's 1 / period and seeded with the mean of the first `period` moves. First value at index `period`.
 * As in TA-Lib, a price that has not moved at all gives 0.
 *
 * @throws RangeError when `period` is not a whole number ≥ 1.
 */
export function rsi(values: Float64Array, period: number): Float64Array {
  return computeWhole(values.length, (to) => addRsi(to, wholeColumn(values), period));
}

export function addRsi(to: Computation, input: Column, period: number): Column {
  requirePeriod(period);
  const first = input.first + period;
  const index = to.column(first);
  let state = { gain: 0, loss: 0 };
  to.step(first, (from, end) => {
    const [{ values }, out] = [input, index.values];
    const weight = 1 / period;
    const keep = 1 - weight;
    let i = from;
    if (i === first) {
      state = meanMoves(values, period, i);
      out[i++] = strength(state.gain, state.loss);
    }
    let { gain, loss } = state;
    for (; i < end; i++) {
      const move = values[i]! - values[i - 1]!;
      gain = gain * keep + (move > 0 ? move * weight : 0);
      loss = loss * keep - (move < 0 ? move * weight : 0);
      out[i] = strength(gain, loss);
    }
    state = { gain, loss };
  });
  return index;
}

/** Of the `period` moves that end at index `last`. */
function meanMoves(values: Float64Array, period: number, last: number) {
  let gain = 0;
  let loss = 0;
  for (let i = last - period + 1; i <= last; i++) {
    const move = values[i]! - values[i - 1]!;
    if (move > 0) gain += move;
    else loss -= move;
  }
  return { gain: gain / period, loss: loss / period };
}

function strength(gain: number, loss: number): number {
  const moved = gain + loss;
  return moved === 0 ? 0 : (100 * gain) / moved;
}
