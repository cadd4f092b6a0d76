import { describe, expect, test } from 'vitest';
import { createNormal, createRandom } from '../../core/index.ts';
import { probabilityOfOverfitting, sharpeOf } from './index.ts';

/** Columns of noise; the first has a Sharpe of `drift` per period. */
function noise(seed: number, periods: number, drift = 0, configurations = 20): readonly Float64Array[] {
  const normal = createNormal(createRandom(seed));
  return Array.from({ length: configurations }, (_, column) =>
    Float64Array.from({ length: periods }, () => (normal() + (column === 0 ? drift : 0)) / 100),
  );
}

describe('the probability of overfitting', () => {
  test('is about one half where nothing is worth anything', () => {
    const found = Array.from({ length: 40 }, (_, seed) => probabilityOfOverfitting(noise(seed, 240), 8)!);
    const mean = found.reduce((sum, { probability }) => sum + probability, 0) / found.length;
    expect(mean).toBeGreaterThan(0.42);
    expect(mean).toBeLessThan(0.58);
  });

  test('is about 0 where one is, and what it earned it goes on earning', () => {
    const found = probabilityOfOverfitting(noise(3, 800, 0.3))!;
    expect(found.probability).toBeLessThan(0.01);
    expect(found.lossProbability).toBeLessThan(0.01);
    // 16 blocks give 12,870 splits.
    expect(found.logits).toHaveLength(12_870);
  });

  // Where every configuration earns 0 in all, what it gained on one half it lost on the other: the best becomes the worst.
  test('is about 1 when gains must come back as losses', () => {
    const columns = noise(5, 320).map((column) => {
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      return column.map((value) => value - mean);
    });
    const found = probabilityOfOverfitting(columns)!;
    expect(found.probability).toBe(1);
    expect(found.lossProbability).toBe(1);
    expect(found.degradation!.slope).toBeCloseTo(-1, 0);
    // The worst of 20: rank 1 / 21.
    expect(Math.min(...found.logits)).toBeCloseTo(-Math.log(20), 12);
  });

  test('agrees with splits made by hand', () => {
    const columns = noise(8, 40, 0.5, 3);
    const blocks = [0, 1, 2, 3];
    const sharpesOn = (chosen: readonly number[]) =>
      columns.map(
        (column) => sharpeOf(column.filter((_, period) => chosen.includes(Math.floor(period / 10))))!,
      );
    const splits = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ].map((half) => {
      const inside = sharpesOn(half);
      const outside = sharpesOn(blocks.filter((block) => !half.includes(block)));
      const best = inside.indexOf(Math.max(...inside));
      const rank = outside.filter((sharpe) => sharpe <= outside[best]!).length / 4;
      return { inside: inside[best]!, outside: outside[best]!, logit: Math.log(rank / (1 - rank)) };
    });
    const found = probabilityOfOverfitting(columns)!;
    expect(found.logits.toSorted()).toEqual(Float64Array.from(splits, ({ logit }) => logit).sort());
    expect(found.probability).toBe(splits.filter(({ logit }) => logit <= 0).length / 6);
    const { slope, intercept } = found.degradation!;
    // Least squares leaves residues that sum to 0, and are uncorrelated with what they are explained by.
    const residues = splits.map((split) => split.outside - intercept - slope * split.inside);
    expect(residues.reduce((sum, residue) => sum + residue, 0)).toBeCloseTo(0, 12);
    expect(residues.reduce((sum, residue, index) => sum + residue * splits[index]!.inside, 0)).toBeCloseTo(
      0,
      12,
    );
  });

  test('uses fewer blocks for fewer periods', () => {
    expect(
      [1000, 160, 159, 99, 40].map((periods) => probabilityOfOverfitting(noise(1, periods))!.blocks),
    ).toEqual([16, 16, 14, 8, 4]);
  });

  test('leaves out the oldest periods that fill no block', () => {
    const columns = noise(1, 40);
    const longer = columns.map((column) => Float64Array.of(99, -99, 99, ...column));
    expect(probabilityOfOverfitting(longer)).toEqual(probabilityOfOverfitting(columns));
  });

  test.each([
    ['one configuration', noise(1, 200, 0, 1)],
    ['39 periods', noise(1, 39)],
    ['returns of 0', [new Float64Array(200), new Float64Array(200)]],
    ['a hole', [...noise(1, 200), new Float64Array(200).fill(Number.NaN)]],
  ])('is undefined for %s', (_, columns) => {
    expect(probabilityOfOverfitting(columns)).toBeNull();
  });
});
