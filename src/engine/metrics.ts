import type { EpochMs, EquityPoint, Fill, Trade } from '../core/index.ts';
import { dayMs } from '../core/index.ts';
import { exposure } from './exposure.ts';
import type { Metrics } from './run-document.ts';
import { barCount, type Market } from './timeline.ts';

/** Equity at the close of bars, and when these bars opened, as columns of one length, oldest first. */
export interface Curve {
  readonly openedAt: ArrayLike<EpochMs>;
  readonly equity: ArrayLike<number>;
}

/** @param intervalMs of the bars at whose close the points are */
export function curveOf(points: readonly EquityPoint[], intervalMs: number): Curve {
  return { openedAt: points.map(({ at }) => at - intervalMs), equity: points.map(({ equity }) => equity) };
}

/** What a result is computed from. Equity points are one per instant, oldest first. */
export interface Performance {
  readonly capital: number;
  readonly equity: readonly EquityPoint[];
  readonly fills: readonly Fill[];
  readonly trades: readonly Trade[];
  readonly markets: readonly Market[];
}

/** Sample statistics of daily returns; null where they are undefined (no variation, under two days, no equity left). */
export interface DailyStatistics {
  readonly days: number;
  readonly volatilityPct: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
}

/** 252 when everything traded is an equity, 365 when something trades around the clock. */
export function periodsPerYear(markets: readonly Market[]): 252 | 365 {
  return markets.every((market) => market.instrument.assetClass === 'equity') ? 252 : 365;
}

/**
 * The figures of a run. A day is a UTC date with a bar; a bar belongs to the date of its open. Sharpe (1994) is
 * mean / deviation (n − 1) × √periods of daily returns, the first against the capital; Sortino divides by the root mean
 * square of the negative returns; Calmar is CAGR / maximum drawdown; CAGR uses days / 365.25 and is null under a year.
 */
export function computeMetrics(performance: Performance): Metrics {
  const { capital, equity, fills, trades, markets } = performance;
  return metricsOf({
    capital,
    markets,
    curve: curveOf(equity, intervalOf(markets)),
    pnls: trades.map(({ pnl }) => pnl),
    traded: fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0),
    barsHeld: exposure(markets, fills, equity).barsHeld,
  });
}

/** What the figures rest on, whoever traded. */
export interface Traded {
  readonly capital: number;
  readonly markets: readonly Market[];
  readonly curve: Curve;
  /** Of each closed trade, after fees. */
  readonly pnls: ArrayLike<number>;
  /** Value of all fills. */
  readonly traded: number;
  /** Bars with a position at their close, over all instruments. */
  readonly barsHeld: number;
}

/** One arithmetic for desks and strategies; definitions stand with `computeMetrics`. */
export function metricsOf({ capital, markets, curve, pnls, traded, barsHeld }: Traded): Metrics {
  const { equity } = curve;
  const periods = periodsPerYear(markets);
  const daily = dailyStatistics(capital, curve, periods);
  const cagrPct = annualGrowthPct(capital, equity[equity.length - 1] ?? capital, spanDays(markets));
  const maxDrawdownPct = drawdownPct(capital, curve);
  let sum = 0;
  for (let i = 0; i < equity.length; i++) sum += equity[i]!;
  const meanEquity = equity.length === 0 ? capital : sum / equity.length;
  const bars = barCount(markets);
  return {
    returnPct: ((equity[equity.length - 1] ?? capital) / capital - 1) * 100,
    cagrPct,
    volatilityPct: daily.volatilityPct,
    sharpe: daily.sharpe,
    sortino: daily.sortino,
    calmar: cagrPct === null || maxDrawdownPct === 0 ? null : cagrPct / maxDrawdownPct,
    maxDrawdownPct,
    ...tradeStatistics(pnls),
    exposurePct: bars === 0 ? 0 : (barsHeld / bars) * 100,
    turnover: meanEquity > 0 ? traded / meanEquity : null,
    periodsPerYear: periods,
    days: daily.days,
  };
}

/** Statistics of the last equity of each UTC date on which a bar opened. */
export function dailyStatistics(capital: number, curve: Curve, periods: number): DailyStatistics {
  const closes = dailyCloses(curve);
  const returns = closes.map((value, day) => value / (closes[day - 1] ?? capital) - 1);
  const n = returns.length;
  // Nothing is earned on nothing, and a debt that shrinks is no loss.
  const ruined = closes.slice(0, -1).some((value) => value <= 0);
  if (n < 2 || ruined) return { days: n, volatilityPct: null, sharpe: null, sortino: null };
  const mean = returns.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const downside = Math.sqrt(returns.reduce((sum, value) => sum + Math.min(value, 0) ** 2, 0) / n);
  const year = Math.sqrt(periods);
  return {
    days: n,
    volatilityPct: deviation * year * 100,
    sharpe: deviation === 0 ? null : (mean / deviation) * year,
    sortino: downside === 0 ? null : (mean / downside) * year,
  };
}

/** The deepest fall under an earlier peak, the capital being the first, in per cent (positive). */
export function drawdownPct(capital: number, { equity }: Curve): number {
  let peak = capital;
  let low = capital;
  let deepest = 0;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value >= low && value <= peak) continue;
    if (value > peak) {
      deepest = Math.max(deepest, (peak - low) / peak);
      peak = value;
    }
    low = value;
  }
  deepest = Math.max(deepest, (peak - low) / peak);
  return deepest * 100;
}

/** The last equity of each UTC date on which a bar opened. */
export function dailyCloses({ openedAt, equity }: Curve): readonly number[] {
  const closes: number[] = [];
  for (let bar = 0; bar < equity.length; ) {
    const nextDay = (Math.floor(openedAt[bar]! / dayMs) + 1) * dayMs;
    bar = firstFrom(openedAt, bar, nextDay);
    closes.push(equity[bar - 1]!);
  }
  return closes;
}

/** Index of the first of ascending times that is not before `time`, at `from` or later: by strides that double, then by halves. */
function firstFrom(times: ArrayLike<EpochMs>, from: number, time: EpochMs): number {
  let before = from - 1;
  let stride = 1;
  while (before + stride < times.length && times[before + stride]! < time) {
    before += stride;
    stride *= 2;
  }
  let after = Math.min(before + stride, times.length);
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (times[middle]! < time) before = middle;
    else after = middle;
  }
  return after;
}

/** @param pnls what each closed trade brought, after fees */
function tradeStatistics(pnls: ArrayLike<number>): Pick<Metrics, 'winRatePct' | 'profitFactor'> {
  let wins = 0;
  let gained = 0;
  let lost = 0;
  for (let trade = 0; trade < pnls.length; trade++) {
    const pnl = pnls[trade]!;
    if (pnl > 0) wins++;
    gained += Math.max(pnl, 0);
    lost += Math.max(-pnl, 0);
  }
  return {
    winRatePct: pnls.length === 0 ? null : (wins / pnls.length) * 100,
    profitFactor: lost === 0 ? null : gained / lost,
  };
}

function annualGrowthPct(capital: number, end: number, days: number): number | null {
  if (days < 365 || end <= 0) return null;
  return ((end / capital) ** (365.25 / days) - 1) * 100;
}

/** From the first open to the last close, in days. */
function spanDays(markets: readonly Market[]): number {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const market of markets) {
    if (market.from >= market.to) continue;
    from = Math.min(from, market.series.openTime[market.from]!);
    to = Math.max(to, market.series.openTime[market.to - 1]! + market.series.intervalMs);
  }
  return Math.max(0, (to - from) / dayMs);
}

export function intervalOf(markets: readonly Market[]): number {
  return markets[0]?.series.intervalMs ?? dayMs;
}
