import { meanOf } from './moments.ts';

/** What choosing the best of several configurations on one half of the data is worth on the other half. */
export interface Overfitting {
  /** Probability of backtest overfitting, 0 to 1: how often the chosen one is no better than the median elsewhere. */
  readonly probability: number;
  /** Share of the splits, 0 to 1, in which the chosen one's Sharpe is negative elsewhere. */
  readonly lossProbability: number;
  /**
   * Sharpe elsewhere = intercept + slope × Sharpe where chosen, per period, by least squares over the splits. A slope
   * under 0: the better it looked, the worse it did. Null when the Sharpe where chosen does not vary.
   */
  readonly degradation: { readonly slope: number; readonly intercept: number } | null;
  /** One per split: ln(ω / (1 − ω)), ω being the chosen one's relative rank elsewhere. */
  readonly logits: Float64Array;
  /** Blocks the periods were cut into; there are C(blocks, blocks / 2) splits. */
  readonly blocks: number;
}

/**
 * Combinatorially symmetric cross-validation: Bailey, Borwein, López de Prado & Zhu, "The probability of backtest
 * overfitting" (2015), with the Sharpe as performance. What does not vary over a half counts as 0 there: it did nothing.
 *
 * @param columns returns per period (fractions), one column per configuration, all of one length.
 * @param mostBlocks even, 4 to 16; fewer are used when a block would hold under 10 periods. Periods that fill no block
 * are left out at the beginning.
 * @returns null for fewer than two configurations or 40 periods, when nothing ever varies, and when a return is not finite.
 * @throws RangeError when lengths differ or `mostBlocks` is out of bounds.
 */
export function probabilityOfOverfitting(
  columns: readonly Float64Array[],
  mostBlocks = 16,
): Overfitting | null {
  const periods = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== periods)) throw new RangeError('columns differ in length');
  if (mostBlocks % 2 !== 0 || mostBlocks < 4 || mostBlocks > 16) {
    throw new RangeError(`mostBlocks is even, 4 to 16; got ${mostBlocks}`);
  }
  const blocks = Math.min(mostBlocks, 2 * Math.floor(periods / (2 * shortestBlock)));
  if (columns.length < 2 || blocks < 4) return null;
  const sums = columns.map((column) => blockSums(column, blocks));
  if (sums.some((own) => !Number.isFinite(own.allSquares)) || sums.every(isFlat)) return null;

  const splits = halvesOf(blocks).map((half) => judge(sums, half));
  const logits = Float64Array.from(splits, ({ logit }) => logit);
  const elsewhere = Float64Array.from(splits, (split) => split.elsewhere);
  return {
    probability: shareOf(logits, (logit) => logit <= 0),
    lossProbability: shareOf(elsewhere, (sharpe) => sharpe < 0),
    degradation: leastSquares(
      Float64Array.from(splits, (split) => split.chosen),
      elsewhere,
    ),
    logits,
    blocks,
  };
}

const shortestBlock = 10;

/** Sums over each block of a configuration's returns less their mean, which keeps the squares exact. */
interface BlockSums {
  readonly mean: number;
  readonly blockLength: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly allSquares: number;
}

function blockSums(column: Float64Array, blocks: number): BlockSums {
  const blockLength = Math.floor(column.length / blocks);
  const used = column.subarray(column.length - blocks * blockLength);
  const mean = meanOf(used) ?? Number.NaN;
  const sums = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (const [period, value] of used.entries()) {
    const block = Math.floor(period / blockLength);
    sums[block]! += value - mean;
    squares[block]! += (value - mean) ** 2;
  }
  return { mean, blockLength, sums, squares, allSquares: squares.reduce((sum, square) => sum + square, 0) };
}

function isFlat({ mean, blockLength, squares, allSquares }: BlockSums): boolean {
  return allSquares <= 1e-24 * mean ** 2 * blockLength * squares.length;
}

/** Every choice of half the blocks, as bits. */
function halvesOf(blocks: number): readonly number[] {
  const all = Array.from({ length: 2 ** blocks }, (_, bits) => bits);
  return all.filter((bits) => bitCount(bits) === blocks / 2);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface Split {
  /** Sharpe of the best configuration, on the half where it was chosen and on the other. */
  readonly chosen: number;
  readonly elsewhere: number;
  readonly logit: number;
}

function judge(configurations: readonly BlockSums[], half: number): Split {
  const inside = configurations.map((own) => sharpeOn(own, half));
  const outside = configurations.map((own) => sharpeOn(own, ~half));
  const chosen = inside.reduce((best, sharpe) => Math.max(best, sharpe), Number.NEGATIVE_INFINITY);
  const elsewhere = outside[inside.indexOf(chosen)]!;
  const worse = outside.filter((sharpe) => sharpe < elsewhere).length;
  const equal = outside.filter((sharpe) => sharpe === elsewhere).length - 1;
  const rank = (1 + worse + equal / 2) / (configurations.length + 1);
  return { chosen, elsewhere, logit: Math.log(rank / (1 - rank)) };
}

function sharpeOn({ mean, blockLength, sums, squares, allSquares }: BlockSums, half: number): number {
  let sum = 0;
  let square = 0;
  let count = 0;
  for (let block = 0; block < sums.length; block++) {
    if (((half >> block) & 1) === 0) continue;
    sum += sums[block]!;
    square += squares[block]!;
    count += blockLength;
  }
  const scatter = square - sum ** 2 / count;
  if (scatter <= 1e-12 * allSquares) return 0;
  return (mean + sum / count) / Math.sqrt(scatter / (count - 1));
}

function shareOf(values: Float64Array, counts: (value: number) => boolean): number {
  return values.filter(counts).length / values.length;
}

function leastSquares(x: Float64Array, y: Float64Array): Overfitting['degradation'] {
  const meanX = meanOf(x)!;
  const meanY = meanOf(y)!;
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  if (spread <= 1e-24 * meanX ** 2 * x.length) return null;
  const slope = x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0) / spread;
  return { slope, intercept: meanY - slope * meanX };
}
