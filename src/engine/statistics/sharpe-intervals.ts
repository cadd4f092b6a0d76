import { meanOf, sharpeOf } from './moments.ts';
import {
  type BootstrapOptions,
  type ConfidenceInterval,
  stationaryBootstrap,
} from './stationary-bootstrap.ts';

export interface Differences {
  /** Annualised Sharpe of the run minus that of the baseline. */
  readonly sharpe: ConfidenceInterval | null;
  /** Mean daily return of the run minus that of the baseline, as a fraction. */
  readonly meanReturn: ConfidenceInterval | null;
}

/** Of the annualised Sharpe of daily `returns` (fractions). Null where the Sharpe is undefined. */
export function sharpeInterval(
  returns: Float64Array,
  periodsPerYear: number,
  options: BootstrapOptions,
): ConfidenceInterval | null {
  return stationaryBootstrap([returns], options).intervalOf(([drawn]) =>
    annualSharpe(drawn!, periodsPerYear),
  );
}

/**
 * How much better than a baseline on the same days. Both are drawn together: what the market did to both cancels, so
 * this interval is narrower than the two Sharpes' own would suggest. "Cannot tell" is an interval that holds 0.
 */
export function differenceIntervals(
  run: Float64Array,
  baseline: Float64Array,
  periodsPerYear: number,
  options: BootstrapOptions,
): Differences {
  const bootstrap = stationaryBootstrap([run, baseline], options);
  return {
    sharpe: bootstrap.intervalOf(([own, other]) =>
      difference(annualSharpe(own!, periodsPerYear), annualSharpe(other!, periodsPerYear)),
    ),
    meanReturn: bootstrap.intervalOf(([own, other]) => difference(meanOf(own!), meanOf(other!))),
  };
}

function annualSharpe(returns: Float64Array, periodsPerYear: number): number | null {
  const sharpe = sharpeOf(returns);
  return sharpe === null ? null : sharpe * Math.sqrt(periodsPerYear);
}

function difference(own: number | null, other: number | null): number | null {
  return own === null || other === null ? null : own - other;
}
