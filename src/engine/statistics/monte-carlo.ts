import { type Percentiles, percentilesOf } from './percentiles.ts';
import { type BootstrapOptions, stationaryBootstrap } from './stationary-bootstrap.ts';

export interface MonteCarloOptions extends BootstrapOptions {
  /** Equity before the first day, in the account's currency; above 0. */
  readonly capital: number;
  /** The fall in per cent (positive) whose probability is asked for. */
  readonly drawdownPct: number;
}

/** What could have come of the same kind of days in another order. */
export interface MonteCarlo {
  readonly finalEquity: Percentiles;
  /** Deepest fall under an earlier peak, in per cent (positive); the 95th percentile is the bad case. */
  readonly maxDrawdownPct: Percentiles;
  /** Share of the samples, 0 to 1, that end under the capital. */
  readonly lossProbability: number;
  /** Share of the samples, 0 to 1, that fall by `drawdownPct` or more. */
  readonly drawdownProbability: number;
}

/**
 * As many days again, drawn from daily `returns` (fractions) by {@link stationaryBootstrap} and compounded. An account
 * that has lost everything stays at 0. Null for no days, and when one return is not finite.
 */
export function monteCarlo(returns: Float64Array, options: MonteCarloOptions): MonteCarlo | null {
  if (returns.length === 0 || !returns.every(Number.isFinite)) return null;
  const { capital, drawdownPct } = options;
  const growths: number[] = [];
  const falls: number[] = [];
  stationaryBootstrap([returns], options).forEachSample(([drawn]) => {
    const { growth, deepestFall } = compound(drawn!);
    growths.push(growth);
    falls.push(deepestFall * 100);
  });
  const shareOf = (values: readonly number[], counts: (value: number) => boolean) =>
    values.filter(counts).length / values.length;
  return {
    finalEquity: percentilesOf(Float64Array.from(growths, (growth) => growth * capital).sort()),
    maxDrawdownPct: percentilesOf(Float64Array.from(falls).sort()),
    lossProbability: shareOf(growths, (growth) => growth < 1),
    drawdownProbability: shareOf(falls, (fall) => fall >= drawdownPct),
  };
}

function compound(returns: Float64Array): { readonly growth: number; readonly deepestFall: number } {
  let growth = 1;
  let peak = 1;
  let deepestFall = 0;
  for (let day = 0; day < returns.length; day++) {
    growth *= Math.max(0, 1 + returns[day]!);
    if (growth > peak) peak = growth;
    else deepestFall = Math.max(deepestFall, 1 - growth / peak);
  }
  return { growth, deepestFall };
}
