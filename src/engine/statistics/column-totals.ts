// Plain loops: a callback for each of a million bars costs more than the arithmetic.

export function sumOf(column: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < column.length; index++) sum += column[index]!;
  return sum;
}

/** −∞ for none. */
export function mostOf(column: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < column.length; index++) most = Math.max(most, column[index]!);
  return most;
}
