/** What 5 %, half and 95 % of the outcomes stay under. */
export interface Percentiles {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

/** `sorted` is ascending and not empty. */
export function percentilesOf(sorted: Float64Array): Percentiles {
  return { p5: quantileOf(sorted, 0.05), p50: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) };
}

/**
 * The value under which a `share` (0 to 1) of `sorted` lies, by linear interpolation: definition 7 of Hyndman & Fan
 * (1996). `sorted` is ascending and not empty.
 */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
