import { criticalWhere } from './critical-bars.ts';
import type { PlainMoonFamily } from './moon.ts';

/** A swing stands out from this many bars on either side, and is known only when those after it have closed. */
const reach = 5;
const warmUp = 2 * reach;

export const swingLevelsMoon: PlainMoonFamily = {
  family: 'swing-levels',
  summary: 'the last confirmed swing high and swing low, and where the close stands between them',
  parameter: null,
  create: () => ({
    warmUp: () => warmUp,
    compute({ high, low, close, length }) {
      const resistance = lastSwing(high, 1);
      const support = lastSwing(low, -1);
      const place = close.map((price, i) => placeBetween(price, resistance[i]!, support[i]!));
      const passes = (i: number, level: number) => close[i]! > level !== close[i - 1]! > level;
      return {
        lines: [
          { suffix: '', unit: 'ratio', values: place },
          { suffix: 'high', unit: 'price', values: resistance },
          { suffix: 'low', unit: 'price', values: support },
        ],
        critical: criticalWhere(length, warmUp, (i) => passes(i, resistance[i]!) || passes(i, support[i]!)),
      };
    },
  }),
};

/** Level of the last confirmed swing at each bar; before there is one, the farthest extreme so far stands in. */
function lastSwing(extremes: Float64Array, direction: 1 | -1): Float64Array {
  const levels = new Float64Array(extremes.length).fill(Number.NaN);
  let level = extremes[0] ?? Number.NaN;
  let confirmed = false;
  for (let i = 0; i < extremes.length; i++) {
    const candidate = i - reach;
    if (candidate >= reach && isSwing(extremes, candidate, direction)) {
      level = extremes[candidate]!;
      confirmed = true;
    } else if (!confirmed && direction * (extremes[i]! - level) > 0) {
      level = extremes[i]!;
    }
    if (i >= warmUp) levels[i] = level;
  }
  return levels;
}

/** Of equal extremes side by side the last one counts; a flat stretch that goes on has none. */
function isSwing(extremes: Float64Array, index: number, direction: 1 | -1): boolean {
  const peak = direction * extremes[index]!;
  for (let distance = 1; distance <= reach; distance++) {
    if (direction * extremes[index - distance]! > peak) return false;
    if (direction * extremes[index + distance]! >= peak) return false;
  }
  return true;
}

/** 0 at the lower level, 1 at the upper one, beyond them outside; after a fast move the swing low can be the upper one. */
function placeBetween(price: number, oneLevel: number, otherLevel: number): number {
  const lower = Math.min(oneLevel, otherLevel);
  const span = Math.max(oneLevel, otherLevel) - lower;
  return span === 0 ? 0.5 : (price - lower) / span;
}
