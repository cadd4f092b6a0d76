/** What rounding leaves between averages of equal prices is a millionth of this; the tick of any market is far more. */
const roundingTolerance = 1e-9;

/**
 * On which side of 0 the difference of two numbers of size `scale` lies: 1, −1, or 0 when they are equal but for
 * rounding. A market that stands still must have no direction.
 */
export function sideOf(difference: number, scale: number): -1 | 0 | 1 {
  const tolerance = Math.abs(scale) * roundingTolerance;
  return difference > tolerance ? 1 : difference < -tolerance ? -1 : 0;
}
