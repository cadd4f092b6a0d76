import { mostOf } from './column-totals.ts';
import { drawdownFigures } from './compatible-drawdowns.ts';
import { type CompatibleFigures, type CompatibleStatistics, compatibleNames } from './compatible-names.ts';
import { barPeriodMs, ceilToPeriod } from './compatible-period.ts';
import { annualFigures, betaOf } from './compatible-returns.ts';
import { type CompatibleTrades, tradeFigures } from './compatible-trades.ts';

/** A finished run as columns, one value per bar. */
export interface CompatibleRun {
  /** Epoch milliseconds, ascending. Days, weekends and months are those of UTC. */
  readonly openTime: Float64Array;
  readonly close: Float64Array;
  /** After each bar; bars before the first decision have the value of the first one after. */
  readonly equity: Float64Array;
  readonly trades: CompatibleTrades;
  /** The bar of the strategy's first call. Buy and hold starts at the close before it. */
  readonly firstNextBar: number;
}

/**
 * The statistics of kernc/backtesting.py 0.6.6 (`_stats.py`), definition by definition, to be compared with its own. A
 * run's own metrics follow other definitions.
 */
export function compatibleStatistics(run: CompatibleRun): CompatibleStatistics {
  const { openTime, close, equity, trades } = run;
  const periodMs = barPeriodMs(openTime);
  const ceil = (ms: number) => ceilToPeriod(ms, periodMs);
  const [start, end] = endsOf(openTime);
  const [equityStart, equityFinal] = endsOf(equity);
  const returnPct = changePct(equityStart, equityFinal);
  const [heldFrom, heldTo] = endsOf(close.subarray(Math.max(0, run.firstNextBar - 1)));
  const buyAndHoldReturnPct = changePct(heldFrom, heldTo);
  const annual = annualFigures(openTime, equity, periodMs);
  const drawdowns = drawdownFigures(openTime, equity, ceil);
  const beta = betaOf(equity, close);
  return definedOnly({
    start,
    end,
    durationSeconds: (end - start) / 1000,
    exposurePct: exposurePct(trades, openTime.length),
    equityFinal,
    equityPeak: mostOf(equity),
    returnPct,
    buyAndHoldReturnPct,
    annualReturnPct: annual.growth * 100,
    volatilityPct: annual.volatility * 100,
    cagrPct: end > start ? ((equityFinal / equityStart) ** (yearMs / (end - start)) - 1) * 100 : Number.NaN,
    sharpe: annual.growth / annual.volatility,
    sortino: annual.growth / annual.downside,
    calmar: annual.growth / (drawdowns.maxDrawdownPct / 100),
    alphaPct: returnPct - beta * buyAndHoldReturnPct,
    beta,
    ...drawdowns,
    ...tradeFigures(trades, openTime, ceil),
  });
}

const yearMs = 365.25 * 86_400_000;

function endsOf(column: Float64Array): readonly [first: number, last: number] {
  return [column[0] ?? Number.NaN, column.at(-1) ?? Number.NaN];
}

function changePct(from: number, to: number): number {
  return ((to - from) / from) * 100;
}

/** Trades may lie over each other; a bar counts once. */
function exposurePct({ entryBar, exitBar }: CompatibleTrades, bars: number): number {
  const change = new Int32Array(bars + 1);
  for (const [trade, entry] of entryBar.entries()) {
    change[entry]!++;
    change[exitBar[trade]! + 1]!--;
  }
  let open = 0;
  let held = 0;
  for (let bar = 0; bar < bars; bar++) {
    open += change[bar]!;
    if (open > 0) held++;
  }
  return (held / bars) * 100;
}

function definedOnly(figures: CompatibleFigures): CompatibleStatistics {
  const statistics: { [Name in keyof CompatibleFigures]: number | null } = { ...figures };
  for (const { name } of compatibleNames) {
    // Adding 0 makes a zero of −0.
    statistics[name] = Number.isFinite(figures[name]) ? figures[name] + 0 : null;
  }
  return statistics;
}
