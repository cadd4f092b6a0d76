import { describe, expect, test } from 'vitest';
import { createNormal, createRandom } from '../../core/index.ts';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  probabilisticSharpe,
  sharpeOf,
  trackRecordOf,
  trialsOf,
} from './index.ts';

const strategies = 40;
const days = 250;

/** Daily returns of strategies worth nothing, but for the first, whose Sharpe per day is `drift`. */
function returnsOf(seed: number, drift = 0): readonly Float64Array[] {
  const normal = createNormal(createRandom(seed));
  return Array.from({ length: strategies }, (_, strategy) =>
    Float64Array.from({ length: days }, () => (normal() + (strategy === 0 ? drift : 0)) / 100),
  );
}

/** The best of them, with and without regard to the choice. */
function judgeBest(columns: readonly Float64Array[]) {
  const sharpes = Float64Array.from(columns, (column) => sharpeOf(column)!);
  const best = trackRecordOf(columns[sharpes.indexOf(Math.max(...sharpes))]!)!;
  return { naive: probabilisticSharpe(best)!, deflated: deflatedSharpe(best, trialsOf(sharpes)!)! };
}

describe('the deflated Sharpe', () => {
  // The worked example of Bailey & López de Prado, "The deflated Sharpe ratio" (2014): an annual Sharpe of 2.5 over 1250
  // of 250 days a year, skewness −3, kurtosis 10, variance ½ of annual Sharpes. 100 trials: threshold 0.1132 a day, 0.9004.
  // 46 trials, or 88 with normal returns: 0.9505.
  test.each([
    [100, -3, 10, 0.9004],
    [46, -3, 10, 0.9505],
    [88, 0, 3, 0.9505],
  ])(
    'agrees with the published example: %i trials, skewness %i, kurtosis %i',
    (count, skewness, kurtosis, is) => {
      const record = { periods: 1250, sharpe: 2.5 / Math.sqrt(250), skewness, kurtosis };
      expect(deflatedSharpe(record, { count, sharpeVariance: 0.5 / 250 })).toBeCloseTo(is, 4);
    },
  );

  test('has the published threshold', () => {
    expect(expectedMaximumSharpe({ count: 100, sharpeVariance: 0.5 / 250 })).toBeCloseTo(0.1132, 4);
  });

  test('rarely believes the best of many worthless strategies, which looks convincing alone', () => {
    const verdicts = Array.from({ length: 200 }, (_, seed) => judgeBest(returnsOf(seed)));
    expect(verdicts.filter(({ naive }) => naive > 0.95).length).toBeGreaterThan(160);
    expect(verdicts.filter(({ deflated }) => deflated > 0.95).length).toBeLessThan(12);
  });

  test('believes one that is worth something', () => {
    expect(judgeBest(returnsOf(1, 0.4)).deflated).toBeGreaterThan(0.95);
  });

  test('of a single trial is the probability of its Sharpe', () => {
    const record = trackRecordOf(returnsOf(1)[0]!)!;
    const trials = trialsOf(Float64Array.of(record.sharpe))!;
    expect(deflatedSharpe(record, trials)).toBe(probabilisticSharpe(record));
  });

  test('is undefined without trials', () => {
    expect(trialsOf(new Float64Array())).toBeNull();
    expect(expectedMaximumSharpe({ count: 0, sharpeVariance: 1 })).toBeNull();
    expect(expectedMaximumSharpe({ count: 3, sharpeVariance: Number.NaN })).toBeNull();
  });
});
