import { type EquityPoint, exitKind, type OrderRecord } from '../core/index.ts';
import { type Costs, FillSimulator, honest, termsFor } from '../trading/index.ts';
import { baselineOf } from './baselines.ts';
import type { Baseline, RunStress } from './run-document.ts';
import { type Market, timeline } from './timeline.ts';

export interface ReplayRequest {
  readonly capital: number;
  readonly markets: readonly Market[];
  /** By instrument. */
  readonly costs: ReadonlyMap<string, Costs>;
  /** All orders of the run, oldest first. */
  readonly orders: readonly OrderRecord[];
}

/** What differs from the run itself. */
export interface ReplayConditions {
  /** Fee, spread and slippage by this; 1 when left out. */
  readonly costTimes?: number;
  /** Bars by which every order is late; 0 when left out. */
  readonly delayBars?: number;
}

/**
 * The account of a run whose approved orders are filled once more: same sizes and stops at the same closes, by the
 * conventions of the simulated broker. Nobody is asked again, so an order meets whatever position it finds. Under no other
 * conditions it is the account of the run, to the last digits of sums of doubles.
 */
export function replayCurve(
  { capital, markets, costs, orders }: ReplayRequest,
  { costTimes = 1, delayBars = 0 }: ReplayConditions,
): readonly EquityPoint[] {
  const simulator = new FillSimulator({
    cash: capital,
    instruments: [...costs].map(([symbol, own]) => ({ symbol, terms: termsFor(dearer(own, costTimes)) })),
    conventions: honest,
    stopOf: 'position',
    delayBars,
  });
  const { account } = simulator;
  const slots = new Map(account.books.map(({ symbol, slot }) => [symbol, slot]));
  const asked = orders.filter(wasPlaced);
  const curve: EquityPoint[] = [];
  let next = 0;
  for (const { at, bars } of timeline(markets)) {
    simulator.stepTogether(
      bars.map(({ market: { instrument, series }, index }) => ({
        slot: slots.get(instrument.symbol)!,
        series,
        index,
      })),
    );
    curve.push({ at, equity: account.equity, cash: account.cash });
    for (; next < asked.length && asked[next]!.at <= at; next++) {
      const { id, instrument, side, quantity, stop } = asked[next]!;
      const size = side === 'BUY' ? quantity : -quantity;
      const ticket = stop === null ? { size, id, reduceOnly: true } : { size, id, stopLoss: stop };
      simulator.place(slots.get(instrument)!, ticket);
    }
  }
  return curve;
}

/** What the run's orders would have brought at twice and five times the costs, and one bar late. */
export function stressOfOrders(request: ReplayRequest): RunStress {
  const under = (conditions: ReplayConditions): Baseline | null => {
    if (!leavesPrices(request.costs, conditions.costTimes ?? 1)) return null;
    return baselineOf(request.capital, replayCurve(request, conditions), request.markets);
  };
  const doubleCosts = under({ costTimes: 2 });
  const fiveFoldCosts = under({ costTimes: 5 });
  const delayedBar = under({ delayBars: 1 });
  return {
    doubleCostsPct: doubleCosts?.returnPct ?? null,
    fiveFoldCostsPct: fiveFoldCosts?.returnPct ?? null,
    delayedBarPct: delayedBar?.returnPct ?? null,
    doubleCosts,
    fiveFoldCosts,
    delayedBar,
  };
}

/** Stops and liquidations are the broker's own orders: a replay has its own. */
function wasPlaced({ id, status }: OrderRecord): boolean {
  return status !== 'refused' && exitKind(id) === 'decision';
}

function dearer({ feeBps, spreadBps, slippageBps }: Costs, times: number): Costs {
  return { feeBps: feeBps * times, spreadBps: spreadBps * times, slippageBps: slippageBps * times };
}

/** A seller who pays the whole price has no market to sell in. */
function leavesPrices(costs: ReadonlyMap<string, Costs>, times: number): boolean {
  return [...costs.values()].every(
    ({ spreadBps, slippageBps }) => (spreadBps / 2 + slippageBps) * times < 10_000,
  );
}
