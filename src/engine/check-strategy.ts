import { OrreryError } from '../core/index.ts';
import type { Asked, Played } from './check-asks.ts';
import { findElsewhere } from './check-elsewhere.ts';
import { type CheckedLine, type CheckFinding, type CheckResult, findingAt } from './check-finding.ts';
import { chooseCuts, evenly } from './check-futures.ts';
import { findPeekingLines } from './check-lines.ts';
import { askedOnCopy, findPeekingOrders, suspiciousBars } from './check-orders.ts';
import { findOddValues } from './check-values.ts';
import { findShortWarmUp } from './check-warm-up.ts';
import { drawnFrom } from './drawn-from.ts';
import { linesOf } from './lines.ts';
import type { Market } from './timeline.ts';

/** Each costs three runs up to it; as many suspicious bars, and at least as many orders, have a cut right behind them. */
const spreadCuts = 24;
/** As many orders have one as can be played in so many steps, a bar being one and an order some more. */
const affordableSteps = 10_000_000;
const stepsPerOrder = 10;
const mostBehindOrders = 300;

/**
 * Looks for what makes a backtest of this strategy worthless on one instrument: lines or orders that depend on later
 * bars, lines that are believed too early, values and sizes that make no sense.
 * @throws OrreryError `strategy-invalid` for a strategy that fails on these candles
 */
export function checkStrategy(played: Played, market: Market): CheckResult {
  const { series, from, to } = market;
  // Before anything else: the candles that a strategy sees first are those that it may keep.
  const asked = askedOnCopy(played, market);
  const lines = linesToCheck(played);
  const first = Math.max(from, firstDecision(played, market));
  const orderBars = asked.asks.map(({ bar }) => bar);
  const begin = first < to - 1 ? first : 0;
  const steps = 3 * (to + stepsPerOrder * orderBars.length);
  const affordable = Math.floor(affordableSteps / steps);
  const behind = Math.min(mostBehindOrders, Math.max(spreadCuts, affordable));
  const cuts = chooseCuts(spreadCuts, begin, to, orderBars, behind);
  const compared = { cuts: cuts.length, lines: lines.length, orders: asked.asks.length, records: 0 };
  const peeking = findPeekingLines(lines, series, cuts);
  const peeks = (name: string) => peeking.some(({ subject }) => subject === name);
  const odd = findOddValues(lines, series).filter(({ subject }) => !peeks(subject));
  if (asked.failure !== null) {
    return { findings: [...peeking, ...odd, senselessOrder(market, asked.failure)], compared };
  }
  // Whatever stands on a peeking line peeks too: naming it again would hide where to look.
  const orders = peeking.length > 0 ? [] : findPeekingNext(played, market, asked, cuts);
  const causal = peeking.length === 0 && orders.every(({ severity }) => severity === 'note');
  const early = causal ? findShortWarmUp(played, lines, market, first) : [];
  return { findings: [...peeking, ...orders, ...early, ...odd, ...unpaid(market, asked)], compared };
}

function findPeekingNext(
  played: Played,
  market: Market,
  asked: Asked,
  cuts: readonly number[],
): readonly CheckFinding[] {
  const suspects = suspiciousBars(played, market, asked);
  const first = evenly(spreadCuts, suspects.length).map((at) => suspects[at]! + 1);
  const all = [...new Set([...cuts, ...first])].filter((cut) => cut < market.to).sort((a, b) => a - b);
  const peeking = findPeekingOrders(played, market, asked, all);
  return peeking.length > 0 ? peeking : findElsewhere(played, market, asked);
}

/** Computed through the strategy each time, as in a backtest: what its functions keep is then found out. */
function linesToCheck({ strategy, params, settings }: Played): readonly CheckedLine[] {
  return Object.keys(strategy.indicators(params)).map((name) => ({
    name,
    compute: (candles) =>
      linesOf(
        { [name]: strategy.indicators(params)[name]! },
        drawnFrom(candles, settings.terms.get(candles.symbol)!),
      ).column(name),
  }));
}

function firstDecision({ strategy, params, settings }: Played, { series }: Market): number {
  return (
    linesOf(strategy.indicators(params), drawnFrom(series, settings.terms.get(series.symbol)!)).first + 1
  );
}

/** The simulator refuses what cannot be an order with a RangeError; anything else is a mistake in the strategy's code. */
function senselessOrder({ series }: Market, { bar, thrown }: NonNullable<Asked['failure']>): CheckFinding {
  const cause = thrown instanceof OrreryError ? thrown.cause : thrown;
  if (!(cause instanceof RangeError)) throw thrown;
  return findingAt(series, bar, { kind: 'units', subject: 'next', detail: cause.message });
}

/** Nothing could ever be bought. Where the strategy says how many units, it cannot mean this account; else units may be too coarse. */
function unpaid({ series }: Market, { asks, refused, traded }: Asked): readonly CheckFinding[] {
  const opening = asks.find(({ verb }) => verb === 'buy' || verb === 'sell');
  if (opening === undefined || traded || refused === 0) return [];
  const price = series.close[opening.bar]!;
  const cost =
    opening.size === null ? `a unit costs ${price}` : `the first is for ${opening.size} at ${price}`;
  const detail = `none of ${refused} orders could be paid, so nothing was ever held: ${cost}; give more --cash, or --fractional`;
  const severity = opening.size !== null && opening.size >= 1 ? 'fault' : 'note';
  return [findingAt(series, opening.bar, { kind: 'units', subject: 'size', detail, severity })];
}
