import { dayMs } from '../../core/index.ts';
import { meanOf } from './moments.ts';

/** Fractions, not per cent. NaN where undefined. */
interface AnnualFigures {
  readonly growth: number;
  readonly volatility: number;
  readonly downside: number;
}

/** Of the last equity of each day; of each week, month or year when the bars are as long. */
export function annualFigures(openTime: Float64Array, equity: Float64Array, periodMs: number): AnnualFigures {
  const { periods, spanOf } = calendarOf(openTime, periodMs);
  const returns = returnsOf(lastOfEach(spanOf, openTime, equity));
  const mean = 1 + geometricMean(returns);
  const average = meanOf(returns) ?? Number.NaN;
  const variance = returns.reduce((sum, value) => sum + (value - average) ** 2, 0) / (returns.length - 1);
  const falls = returns.reduce((sum, value) => sum + Math.min(value, 0) ** 2, 0) / returns.length;
  return {
    growth: mean ** periods - 1,
    volatility: Math.sqrt((variance + mean * mean) ** periods - mean ** (2 * periods)),
    downside: Math.sqrt(falls) * Math.sqrt(periods),
  };
}

/** 0 when one of them loses everything, NaN for none. */
export function geometricMean(returns: Float64Array): number {
  if (returns.some((value) => 1 + value <= 0)) return 0;
  return Math.exp(returns.reduce((sum, value) => sum + Math.log(1 + value), 0) / returns.length) - 1;
}

/** Covariance of the logarithmic returns per bar with the market's, over the market's variance. */
export function betaOf(equity: Float64Array, close: Float64Array): number {
  const own = logarithmicReturns(equity);
  const market = logarithmicReturns(close);
  const ownMean = meanOf(own) ?? Number.NaN;
  const marketMean = meanOf(market) ?? Number.NaN;
  if (own.length < 2) return Number.NaN;
  let covariance = 0;
  let variance = 0;
  for (let bar = 0; bar < own.length; bar++) {
    covariance += (own[bar]! - ownMean) * (market[bar]! - marketMean);
    variance += (market[bar]! - marketMean) ** 2;
  }
  return covariance / variance;
}

function logarithmicReturns(values: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1));
  for (let bar = 0; bar < returns.length; bar++) returns[bar] = Math.log(values[bar + 1]! / values[bar]!);
  return returns;
}

interface Calendar {
  /** In a year. */
  readonly periods: number;
  /** The number of the day, week, month or year that a time lies in. */
  readonly spanOf: (time: number) => number;
}

function calendarOf(openTime: Float64Array, periodMs: number): Calendar {
  const days = Math.floor(periodMs / dayMs);
  const dayOf = (time: number) => Math.floor(time / dayMs);
  // The epoch began on a Thursday; a week begins on Monday.
  if (days === 7) return { periods: 52, spanOf: (time) => Math.floor((dayOf(time) + 3) / 7) };
  if (days === 31) return { periods: 12, spanOf: monthOf };
  if (days === 365) return { periods: 1, spanOf: (time) => Math.floor(monthOf(time) / 12) };
  return { periods: weekendShare(openTime) > (2 / 7) * 0.6 ? 365 : 252, spanOf: dayOf };
}

function weekendShare(openTime: Float64Array): number {
  let bars = 0;
  for (let bar = 0; bar < openTime.length; bar++) {
    const day = Math.floor(openTime[bar]! / dayMs) + 3;
    if (day - 7 * Math.floor(day / 7) >= 5) bars++;
  }
  return bars / openTime.length;
}

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function lastOfEach(
  spanOf: (time: number) => number,
  openTime: Float64Array,
  equity: Float64Array,
): Float64Array {
  const last: number[] = [];
  let current = Number.NaN;
  for (let bar = 0; bar < openTime.length; bar++) {
    const span = spanOf(openTime[bar]!);
    if (span === current) last[last.length - 1] = equity[bar]!;
    else last.push(equity[bar]!);
    current = span;
  }
  return Float64Array.from(last);
}

/** What is earned on nothing is left out. */
function returnsOf(values: Float64Array): Float64Array {
  return values
    .subarray(1)
    .map((value, index) => value / values[index]! - 1)
    .filter((value) => !Number.isNaN(value));
}
