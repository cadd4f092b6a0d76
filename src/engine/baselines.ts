import type { EquityPoint } from '../core/index.ts';
import { type Costs, feeOf, fillPrice } from '../trading/index.ts';
import { curveOf, dailyStatistics, drawdownPct, intervalOf, periodsPerYear } from './metrics.ts';
import type { Baseline } from './run-document.ts';
import { type Market, timeline } from './timeline.ts';

/**
 * Buy and hold: the capital in equal parts, each spent on one instrument at the open of its first bar in range, with
 * costs, in fractional units; marked at the closes, nothing sold. One point per instant of `instants`.
 */
export function holdCurve(
  capital: number,
  markets: readonly Market[],
  costs: ReadonlyMap<string, Costs>,
  instants: ArrayLike<number>,
): readonly EquityPoint[] {
  const share = capital / markets.length;
  const values = new Float64Array(instants.length);
  for (const market of markets) {
    const { series } = market;
    const cost = costs.get(market.instrument.symbol)!;
    let index = market.from;
    let units = 0;
    let value = share;
    for (let slot = 0; slot < instants.length; slot++) {
      const at = instants[slot]!;
      for (; index < market.to && series.openTime[index]! + series.intervalMs <= at; index++) {
        if (index === market.from) {
          const price = fillPrice('BUY', series.open[index]!, cost);
          units = share / (price + feeOf(price, 1, cost));
        }
        value = units * series.close[index]!;
      }
      values[slot] = values[slot]! + value;
    }
  }
  return Array.from(values, (equity, slot) => ({ at: instants[slot]!, equity, cash: 0 }));
}

/**
 * Equal weight: at each instant the account is shared out anew in equal parts among all instruments, free of cost. Those
 * without a bar stand still.
 */
export function equalWeightCurve(capital: number, markets: readonly Market[]): readonly EquityPoint[] {
  const last = new Map<Market, number>();
  let equity = capital;
  return [...timeline(markets)].map(({ at, bars }) => {
    let change = 0;
    for (const { market, index } of bars) {
      const { series, from } = market;
      const before = last.get(market) ?? series.open[from]!;
      change += series.close[index]! / before - 1;
      last.set(market, series.close[index]!);
    }
    equity *= 1 + change / markets.length;
    return { at, equity, cash: 0 };
  });
}

/**
 * The market's return at the run's own mean exposure: each instant earns `share` of what holding earned, the rest lies
 * in cash. Tells timing from merely being in the market less.
 */
export function matchedCurve(
  capital: number,
  hold: readonly EquityPoint[],
  share: number,
): readonly EquityPoint[] {
  let equity = capital;
  let before = capital;
  return hold.map((point) => {
    equity *= 1 + share * (point.equity / before - 1);
    before = point.equity;
    return { at: point.at, equity, cash: equity * (1 - share) };
  });
}

export function baselineOf(
  capital: number,
  curve: readonly EquityPoint[],
  markets: readonly Market[],
): Baseline {
  const end = curve.at(-1)?.equity ?? capital;
  const columns = curveOf(curve, intervalOf(markets));
  const daily = dailyStatistics(capital, columns, periodsPerYear(markets));
  return {
    returnPct: (end / capital - 1) * 100,
    sharpe: daily.sharpe,
    maxDrawdownPct: drawdownPct(capital, columns),
  };
}
