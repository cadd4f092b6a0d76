import type { Backtest } from './backtest.ts';
import { type Curve, dailyCloses } from './metrics.ts';
import { type MonteCarlo, monteCarlo } from './statistics/index.ts';

/**
 * Fractions, one for each UTC date on which a bar opened, the first against the capital. What is lost entirely stays
 * lost: −1 on the day it went, 0 after.
 */
export function dailyReturns(curve: Curve, capital: number): Float64Array<ArrayBuffer> {
  let before = capital;
  return Float64Array.from(dailyCloses(curve), (close) => {
    if (before <= 0) return 0;
    const change = Math.max(0, close) / before - 1;
    before = close;
    return change;
  });
}

export interface MonteCarloRequest {
  /** How often the days are drawn anew. */
  readonly samples: number;
  readonly seed: number;
}

/** What could have come of the days of one test; null figures where there was no day. */
export interface MonteCarloResult extends MonteCarloRequest {
  readonly days: number;
  readonly finalEquity: MonteCarlo['finalEquity'] | null;
  /** In per cent (positive). */
  readonly maxDrawdownPct: MonteCarlo['maxDrawdownPct'] | null;
  /** Share of the samples, 0 to 1, that end under the capital. */
  readonly lossProbability: number | null;
}

/** Draws the days of a test anew, in blocks, as `monteCarlo` does. */
export function monteCarloOf(test: Backtest, capital: number, request: MonteCarloRequest): MonteCarloResult {
  const returns = dailyReturns(test, capital);
  const drawn = monteCarlo(returns, { ...request, capital, drawdownPct: 0 });
  return {
    samples: request.samples,
    seed: request.seed,
    days: returns.length,
    finalEquity: drawn?.finalEquity ?? null,
    maxDrawdownPct: drawn?.maxDrawdownPct ?? null,
    lossProbability: drawn?.lossProbability ?? null,
  };
}
