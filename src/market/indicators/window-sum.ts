/** Sum of the `period` values that end at index `last`, oldest first. */
export function windowSum(values: Float64Array, period: number, last: number): number {
  let sum = 0;
  for (let i = last - period + 1; i <= last; i++) sum += values[i]!;
  return sum;
}
