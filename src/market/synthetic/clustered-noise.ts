import { createNormal, createRandom } from '../../core/index.ts';

/** Every bar is walked in this many steps, so that highs, lows and stops inside a bar behave as they do in a market. */
export const stepsPerBar = 6;

// GARCH(1,1) on the variance of a bar: yesterday's surprise feeds tomorrow's variance, and its mean stays 1.
const meanShare = 0.03;
const surpriseShare = 0.09;
const memoryShare = 0.88;
const highestVariance = 12;

// One bar in 70 is a shock of three times the usual size: with the clusters, this makes the tails fat.
const shockProbability = 1 / 70;
const shockScale = 3;
const shockNorm = Math.sqrt(1 - shockProbability + shockProbability * shockScale * shockScale);

/** Writes the next bar's steps at `from`; their sum has mean 0 and, over a long time, variance 1. */
export type ClusteredNoise = (steps: Float64Array, from: number) => void;

export function createClusteredNoise(seed: number): ClusteredNoise {
  const random = createRandom(seed);
  const normal = createNormal(random);
  let variance = 1;
  return (steps, from) => {
    const shock = (random() < shockProbability ? shockScale : 1) / shockNorm;
    const scale = shock * Math.sqrt(variance / stepsPerBar);
    let move = 0;
    for (let step = from; step < from + stepsPerBar; step++) {
      steps[step] = scale * normal();
      move += steps[step]!;
    }
    variance = Math.min(highestVariance, meanShare + memoryShare * variance + surpriseShare * move * move);
  };
}
