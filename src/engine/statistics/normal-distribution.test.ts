import { describe, expect, test } from 'vitest';
import { normalProbability, normalQuantile } from './index.ts';

describe('the normal distribution', () => {
  // Known to 16 digits: SciPy 1.17 (Cephes), and tables for 1.96 and 0.975.
  test.each([
    [-9, 1.128588405953841e-19],
    [-3, 0.0013498980316300933],
    [-1.959963984540054, 0.025],
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.3, 0.9031995154143897],
    [7.5, 0.9999999999999681],
  ])('P(Z ≤ %s) = %s', (z, probability) => {
    expect(Math.abs(normalProbability(z) - probability)).toBeLessThan(1e-15);
  });

  test.each([
    [1e-300, -37.0470962993612],
    [0.001, -3.090232306167813],
    [0.08, -1.4050715603096329],
    [0.5, 0],
    [0.6, 0.2533471031357997],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308817087],
  ])('the quantile of %s is %s', (probability, z) => {
    expect(Math.abs(normalQuantile(probability)! - z)).toBeLessThanOrEqual(1e-15 * Math.abs(z));
  });

  test('there is none at or beyond certainty', () => {
    expect([0, 1, -1, 2, Number.NaN].map(normalQuantile)).toEqual([null, null, null, null, null]);
  });
});
