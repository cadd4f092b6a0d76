import { mostOf, sumOf } from './column-totals.ts';
import type { CompatibleFigures } from './compatible-names.ts';

type DrawdownFigures = Pick<
  CompatibleFigures,
  'maxDrawdownPct' | 'avgDrawdownPct' | 'maxDrawdownDurationSeconds' | 'avgDrawdownDurationSeconds'
>;

/**
 * A spell lasts from a peak to the bar that reaches it again, or to the last bar, and counts when bars lie between. The
 * average is of the spells' deepest falls. When there is no such spell theirs falls back to the single falls, and gives
 * them out as durations too; here a duration is then undefined.
 */
export function drawdownFigures(
  openTime: Float64Array,
  equity: Float64Array,
  ceil: (ms: number) => number,
): DrawdownFigures {
  const falls = fallsOf(equity);
  const spells = spellsOf(falls);
  const depths =
    spells.length > 0 ? Float64Array.from(spells, ({ depth }) => depth) : falls.filter((fall) => fall > 0);
  const durations = Float64Array.from(spells, ({ from, to }) => openTime[to]! - openTime[from]!);
  return {
    maxDrawdownPct: Math.max(0, mostOf(falls)) * 100,
    avgDrawdownPct: (sumOf(depths) / depths.length) * 100,
    maxDrawdownDurationSeconds: ceil(mostOf(durations)) / 1000,
    avgDrawdownDurationSeconds: ceil(sumOf(durations) / durations.length) / 1000,
  };
}

/** From the peak before each bar, as a fraction. */
function fallsOf(equity: Float64Array): Float64Array {
  const falls = new Float64Array(equity.length);
  let peak = Number.NEGATIVE_INFINITY;
  for (let bar = 0; bar < equity.length; bar++) {
    peak = Math.max(peak, equity[bar]!);
    falls[bar] = 1 - equity[bar]! / peak;
  }
  return falls;
}

interface Spell {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

function spellsOf(falls: Float64Array): readonly Spell[] {
  const spells: Spell[] = [];
  let from: number | null = null;
  for (let bar = 0; bar < falls.length; bar++) {
    if (falls[bar] !== 0 && bar < falls.length - 1) continue;
    if (from !== null && bar > from + 1) {
      spells.push({ from, to: bar, depth: mostOf(falls.subarray(from, bar + 1)) });
    }
    from = bar;
  }
  return spells;
}
