import { meanOf } from './moments.ts';

/**
 * The mean block length for the stationary bootstrap of a series, by Politis & White (2004) with the correction of
 * Patton, Politis & White (2009): (2 G² / D)^⅓ n^⅓, where D = 2 g(0)². At least 1 (independent draws, also for a series
 * that does not vary), at most min(3 √n, n / 3).
 */
export function automaticBlockLength(values: Float64Array): number {
  const n = values.length;
  const mean = meanOf(values);
  if (n < 3 || mean === null) return 1;
  const mostLags = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + quietLags);
  const centred = values.map((value) => value - mean);
  const covariances = autocovariances(centred, mostLags);
  if (covariances[0] === 0) return 1;
  const bandwidth = Math.min(mostLags, 2 * firstQuietLag(centred, mostLags));

  let weighted = 0;
  let density = covariances[0]!;
  for (let lag = 1; lag <= bandwidth; lag++) {
    const weight = flatTop(lag / bandwidth);
    weighted += 2 * weight * lag * covariances[lag]!;
    density += 2 * weight * covariances[lag]!;
  }
  if (density === 0) return 1;
  const length = Math.cbrt((weighted / density) ** 2 * n);
  return Math.min(Math.max(1, length), Math.ceil(Math.min(3 * Math.sqrt(n), n / 3)));
}

/** At each lag the sum of products divided by n, whatever the lag. */
function autocovariances(centred: Float64Array, mostLags: number): Float64Array {
  const n = centred.length;
  return Float64Array.from({ length: mostLags + 1 }, (_, lag) => product(centred, centred, lag, n - lag) / n);
}

/**
 * The first of {@link quietLags} lags in a row whose autocorrelations are insignificant, as Patton's own program takes
 * it; the longest lag where there is none. A correlation is scaled by the two stretches that overlap.
 */
function firstQuietLag(centred: Float64Array, mostLags: number): number {
  const n = centred.length;
  const threshold = 2 * Math.sqrt(Math.log10(n) / n);
  let quiet = 0;
  for (let lag = 1; lag <= mostLags; lag++) {
    const head = centred.subarray(0, n - lag);
    const tail = centred.subarray(lag);
    const scale = Math.sqrt(product(head, head, 0, head.length) * product(tail, tail, 0, tail.length));
    const correlation = scale === 0 ? 0 : product(head, tail, 0, head.length) / scale;
    quiet = Math.abs(correlation) < threshold ? quiet + 1 : 0;
    if (quiet === quietLags) return lag - quietLags + 1;
  }
  return mostLags;
}

/** Σ a[i] · b[i + shift] over `count` terms. */
function product(a: Float64Array, b: Float64Array, shift: number, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += a[index]! * b[index + shift]!;
  return sum;
}

/** max(5, √log10 n) in the paper: more than 5 for no series that fits into a memory. */
const quietLags = 5;

/** The trapezoidal window of Politis & Romano (1995). */
function flatTop(distance: number): number {
  return distance <= 0.5 ? 1 : 2 * (1 - distance);
}
