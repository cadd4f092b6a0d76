import type { CandleInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/**
 * On-balance volume (Granville, 1963): volume added up, of falling closes with a minus. Starts, as in TA-Lib, with the
 * volume of the first bar.
 */
export function addObv(to: Computation, { close, volume }: Pick<CandleInputs, 'close' | 'volume'>): Column {
  const balance = to.column(0);
  // Before the first bar there is no close: nothing lies below NaN, and nothing equals it.
  let state = { current: 0, before: Number.NaN };
  to.step(balance.first, (from, end) => {
    const [closes, volumes, out] = [close.values, volume.values, balance.values];
    let { current, before } = state;
    for (let i = from; i < end; i++) {
      const now = closes[i]!;
      if (now < before) current -= volumes[i]!;
      else if (now !== before) current += volumes[i]!;
      before = now;
      out[i] = current;
    }
    state = { current, before };
  });
  return balance;
}
