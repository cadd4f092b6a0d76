import { type BarGrid, barHours } from './bar-grid.ts';
import { createClusteredNoise, stepsPerBar } from './clustered-noise.ts';
import { createRegimes, type Regime, regimeTraits } from './regime-chain.ts';
import { streamSeed } from './stream-seed.ts';

/** Standard deviation of the factor's log return over one hour, where the regime multiplies it by 1. */
const factorVolatility = 0.0045;

/** What all instruments share, each with its own weight. */
export interface MarketFactor {
  /** One for each bar. */
  readonly regimes: readonly Regime[];
  /** Log returns, `stepsPerBar` for each bar. */
  readonly steps: Float64Array;
}

export function createMarketFactor(seed: number, grid: BarGrid): MarketFactor {
  const regimes = createRegimes(streamSeed(seed, 'regimes'), grid);
  const noise = createClusteredNoise(streamSeed(seed, 'market'));
  const hours = barHours(grid);
  const steps = new Float64Array(grid.bars * stepsPerBar);
  for (let bar = 0; bar < grid.bars; bar++) {
    const from = bar * stepsPerBar;
    const { drift, volatility } = regimeTraits[regimes[bar]!];
    const scale = factorVolatility * volatility * Math.sqrt(hours);
    const driftPerStep = (drift * hours) / stepsPerBar;
    noise(steps, from);
    for (let step = from; step < from + stepsPerBar; step++)
      steps[step] = steps[step]! * scale + driftPerStep;
  }
  return { regimes, steps };
}
