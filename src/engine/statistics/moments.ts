/** The shape of a sample. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n − 1. */
  readonly deviation: number;
  /** Third standardised moment (dividing by n); 0 for a normal distribution. */
  readonly skewness: number;
  /** Fourth standardised moment (dividing by n), not the excess: 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Null for fewer than two values, for values that do not vary, and when one of them is not finite. */
export function momentsOf(values: Float64Array): Moments | null {
  const count = values.length;
  const mean = meanOf(values);
  const deviation = deviationOf(values);
  if (mean === null || deviation === null || deviation === 0) return null;
  let cubes = 0;
  let fourths = 0;
  let squares = 0;
  for (const value of values) {
    const square = (value - mean) ** 2;
    squares += square;
    cubes += square * (value - mean);
    fourths += square * square;
  }
  const variance = squares / count;
  return {
    count,
    mean,
    deviation,
    skewness: cubes / count / variance ** 1.5,
    kurtosis: fourths / count / variance ** 2,
  };
}

/** Null for no values, and when one of them is not finite. */
export function meanOf(values: Float64Array): number | null {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  const mean = sum / values.length;
  return Number.isFinite(mean) ? mean : null;
}

/**
 * Sharpe (1994) per period, not annualised, risk-free 0: mean / standard deviation (n − 1) of the returns. Null for
 * fewer than two returns, for returns that do not vary, and when one of them is not finite.
 */
export function sharpeOf(returns: Float64Array): number | null {
  const mean = meanOf(returns);
  const deviation = deviationOf(returns);
  return mean === null || deviation === null || deviation === 0 ? null : mean / deviation;
}

/** A spread that is only the rounding of the mean counts as 0. */
function deviationOf(values: Float64Array): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const distance = values[index]! - mean;
    squares += distance * distance;
  }
  const deviation = Math.sqrt(squares / (values.length - 1));
  return deviation <= 1e-12 * Math.abs(mean) ? 0 : deviation;
}
