import type { CandleInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/**
 * Accumulation/distribution line (Chaikin): volume added up, weighted from -1 for a close at the low to 1 for one at
 * the high. A bar without range adds nothing.
 */
export function addAccumulationDistribution(
  to: Computation,
  { high, low, close, volume }: Omit<CandleInputs, 'openTime'>,
): Column {
  const line = to.column(0);
  let current = 0;
  to.step(line.first, (from, end) => {
    const [highs, lows, closes, volumes] = [high.values, low.values, close.values, volume.values];
    const out = line.values;
    for (let i = from; i < end; i++) {
      const range = highs[i]! - lows[i]!;
      const balance = closes[i]! - lows[i]! - (highs[i]! - closes[i]!);
      if (range > 0) current += (balance / range) * volumes[i]!;
      out[i] = current;
    }
  });
  return line;
}
