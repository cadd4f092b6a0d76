import { createRandom } from '../../core/index.ts';
import { type BarGrid, barHours } from './bar-grid.ts';

export type Regime = 'bull' | 'bear' | 'range' | 'crash' | 'recovery';

export interface RegimeTraits {
  /** Log drift of the market factor, per hour. */
  readonly drift: number;
  /** Multiplies the market factor's volatility. */
  readonly volatility: number;
  readonly minimumHours: number;
  /** What it lasts on average beyond the minimum. */
  readonly furtherHours: number;
  /** What follows, with its probability; they add up to 1. */
  readonly next: readonly (readonly [Regime, number])[];
}

/**
 * Drifts are small beside the noise of one regime's length, and weighted by the time spent in each they come to
 * +0.0017 % an hour: a trend can be seen afterwards, but hardly be lived on. A test holds the balance.
 */
export const regimeTraits: Readonly<Record<Regime, RegimeTraits>> = {
  bull: {
    drift: 0.00012,
    volatility: 0.9,
    minimumHours: 72,
    furtherHours: 168,
    next: [
      ['range', 0.5],
      ['bear', 0.3],
      ['crash', 0.2],
    ],
  },
  bear: {
    drift: -0.00012,
    volatility: 1.15,
    minimumHours: 72,
    furtherHours: 120,
    next: [
      ['range', 0.5],
      ['recovery', 0.25],
      ['crash', 0.15],
      ['bull', 0.1],
    ],
  },
  range: {
    drift: 0,
    volatility: 0.75,
    minimumHours: 48,
    furtherHours: 144,
    next: [
      ['bull', 0.45],
      ['bear', 0.45],
      ['crash', 0.1],
    ],
  },
  crash: {
    drift: -0.0015,
    volatility: 2.6,
    minimumHours: 12,
    furtherHours: 24,
    next: [
      ['recovery', 0.7],
      ['bear', 0.3],
    ],
  },
  recovery: {
    drift: 0.0007,
    volatility: 1.4,
    minimumHours: 24,
    furtherHours: 60,
    next: [
      ['bull', 0.4],
      ['range', 0.6],
    ],
  },
};

const openings: readonly Regime[] = ['range', 'bull', 'bear'];

/** The market's regime in each bar: a Markov chain in which every regime has a minimum length. */
export function createRegimes(seed: number, grid: BarGrid): readonly Regime[] {
  const random = createRandom(seed);
  const hours = barHours(grid);
  const regimes: Regime[] = [];
  let regime = openings[Math.floor(random() * openings.length)]!;
  let age = 0;
  for (let bar = 0; bar < grid.bars; bar++) {
    regimes.push(regime);
    age += hours;
    const { minimumHours, furtherHours, next } = regimeTraits[regime];
    if (age >= minimumHours && random() < hours / furtherHours) {
      regime = pick(next, random());
      age = 0;
    }
  }
  return regimes;
}

function pick(next: RegimeTraits['next'], draw: number): Regime {
  let below = 0;
  for (const [regime, probability] of next) {
    below += probability;
    if (draw < below) return regime;
  }
  return next[0]![0];
}
