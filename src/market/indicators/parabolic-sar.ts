import type { PriceInputs } from './candle-inputs.ts';
import type { Column, Computation } from './computation.ts';

/**
 * Parabolic stop and reverse (Wilder, 1978). First value at index 1. TA-Lib's start: short when the second bar fell
 * farther below the first than it rose above it, otherwise long; the first stop is the far end of the first bar.
 *
 * Prices are taken with the sign of the side, so that a short looks like a long: `reach` is the end of a bar in its
 * favour, `floor` the other one, and the stop rises from below. The first bar of all does not bound it.
 *
 * @param acceleration by how much the stop's pace grows with each new extreme; never above `maximum`.
 */
export function addParabolicSar(
  to: Computation,
  { high, low }: Omit<PriceInputs, 'close'>,
  acceleration: number,
  maximum: number,
): Column {
  const sar = to.column(1);
  const pace = Math.min(acceleration, maximum);
  let state = { side: 0, stop: 0, extreme: 0, factor: pace, previous: 1 };
  to.step(sar.first, (from, end) => {
    const [highs, lows, out] = [high.values, low.values, sar.values];
    let { side, stop, extreme, factor, previous } = state;
    if (side === 0) {
      const fall = lows[0]! - lows[1]!;
      side = fall > 0 && fall > highs[1]! - highs[0]! ? -1 : 1;
      stop = side > 0 ? lows[0]! : -highs[0]!;
      extreme = side > 0 ? highs[1]! : -lows[1]!;
    }
    for (let i = from; i < end; i++) {
      const turned = (side > 0 ? lows[i]! : -highs[i]!) <= stop;
      if (turned) side = -side;
      const reach = side > 0 ? highs[i]! : -lows[i]!;
      const floor = side > 0 ? lows[i]! : -highs[i]!;
      const bound = Math.min(floor, side > 0 ? lows[previous]! : -highs[previous]!);
      if (turned) stop = Math.min(-extreme, bound);
      out[i] = side * stop;
      if (turned) {
        extreme = reach;
        factor = pace;
      } else if (reach > extreme) {
        extreme = reach;
        factor = Math.min(factor + pace, maximum);
      }
      stop = Math.min(stop + factor * (extreme - stop), bound);
      previous = i;
    }
    state = { side, stop, extreme, factor, previous };
  });
  return sar;
}
