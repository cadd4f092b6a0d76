import { expect, test } from 'vitest';
import { createRegimes, type Regime, regimeTraits } from './regime-chain.ts';

const names = Object.keys(regimeTraits) as Regime[];
const hourly = { start: 0, intervalMs: 3_600_000, bars: 20_000 };

test('what follows a regime is always decided', () => {
  for (const name of names) {
    const { next } = regimeTraits[name];
    expect(next.reduce((total, [, probability]) => total + probability, 0)).toBeCloseTo(1, 12);
    expect(next.map(([follower]) => follower)).not.toContain(name);
  }
});

test('weighted by the time spent in each, the drifts nearly cancel', () => {
  // The share of visits settles when it is followed through the chain; times mean length it is the share of time.
  let visits = new Map<Regime, number>(names.map((name) => [name, 1 / names.length]));
  for (let step = 0; step < 1_000; step++) {
    const following = new Map<Regime, number>(names.map((name) => [name, 0]));
    for (const [name, share] of visits) {
      for (const [next, probability] of regimeTraits[name].next) {
        following.set(next, following.get(next)! + share * probability);
      }
    }
    visits = following;
  }
  let hours = 0;
  let drift = 0;
  for (const [name, share] of visits) {
    const length = regimeTraits[name].minimumHours + regimeTraits[name].furtherHours;
    hours += share * length;
    drift += share * length * regimeTraits[name].drift;
  }
  expect(drift / hours).toBeGreaterThan(0);
  expect(drift / hours).toBeLessThan(0.00002);
});

test('no regime ends before its minimum, all appear, and lengths are days to weeks', () => {
  const lengths = new Map<Regime, number[]>(names.map((name) => [name, []]));
  for (let seed = 1; seed <= 5; seed++) {
    const regimes = createRegimes(seed, hourly);
    let length = 0;
    regimes.forEach((regime, bar) => {
      length++;
      if (bar + 1 === regimes.length || regimes[bar + 1] === regime) return;
      lengths.get(regime)!.push(length);
      length = 0;
    });
  }
  for (const [name, seen] of lengths) {
    const { minimumHours, furtherHours } = regimeTraits[name];
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(minimumHours);
    const mean = seen.reduce((total, length) => total + length, 0) / seen.length;
    expect(mean / (minimumHours + furtherHours)).toBeGreaterThan(0.7);
    expect(mean / (minimumHours + furtherHours)).toBeLessThan(1.3);
  }
});
