import { type EpochMs, type EquityPoint, isoTime } from '../core/index.ts';
import {
  barCount,
  baselineOf,
  computeMetrics,
  curveOf,
  dailyReturns,
  evidenceOf,
  exposure,
  firstBarFrom,
  holdCurve,
  intervalOf,
  type LlmTotals,
  type ModelShare,
  matchedCurve,
  type Performance,
  periodsPerYear,
  type RunDocument,
  randomBaseline,
  stressOfOrders,
  type TimedTrade,
  type Trials,
  voteCurve,
} from '../engine/index.ts';
import { type Costs, type Portfolio, termsFor } from '../trading/index.ts';
import { knownBars } from './known-bars.ts';
import { notesOn } from './market-notes.ts';
import type { OpenMarket } from './open-market.ts';
import type { RunSettings } from './run-settings.ts';
import type { RunTally } from './run-tally.ts';

/** What a finished run leaves behind, as far as the figures need it. */
export interface FinishedRun {
  readonly run: string;
  readonly settings: RunSettings;
  readonly capital: number;
  readonly costs: ReadonlyMap<string, Costs>;
  readonly market: OpenMarket;
  readonly tally: RunTally;
  readonly portfolio: Portfolio;
  readonly llm: LlmTotals;
  readonly answeredBy: readonly ModelShare[];
  readonly hash: string;
  /** Variants tried on the same candles; null when nobody kept count. */
  readonly trials: Trials | null;
  /** The desk's limit on one position, in per cent of equity. */
  readonly positionPct: number;
}

/** What is drawn at random about a finished run depends on this alone. */
const evidenceSeed = 7;

/** The document without the times of the work itself, which are known only after it. */
export type RunFigures = Omit<RunDocument, 'timings' | 'report'>;

export function concludeRun(finished: FinishedRun): RunFigures {
  const { run, settings, capital, market, tally, portfolio, costs } = finished;
  const { markets } = market;
  const performance = performanceOf(finished);
  const curves = baselineCurves(finished);
  const intervalMs = intervalOf(markets);
  const [firstCosts] = costs.values();
  return {
    run,
    desk: settings.desk.name,
    mode: 'backtest',
    replayOf: settings.replayOf,
    synthetic: market.synthetic,
    instruments: market.instruments,
    ...period(markets),
    bars: barCount(markets),
    decisions: tally.decisions,
    orders: tally.orders.length,
    refused: tally.refused,
    fills: tally.fills.length,
    trades: tally.trades.length,
    equity: {
      start: capital,
      end: portfolio.equity,
      cash: portfolio.cash,
      positions: portfolio.positionsValue,
      fees: portfolio.fees,
    },
    metrics: computeMetrics(performance),
    baselines: {
      buyAndHold: baselineOf(capital, curves.hold, markets),
      exposureMatched: baselineOf(capital, curves.matched, markets),
      vote: baselineOf(capital, voteOf(finished), markets),
      random: randomBaseline(markets, timedTrades(finished), costPerSide(firstCosts), evidenceSeed),
    },
    evidence: evidenceOf({
      returns: dailyReturns(curveOf(tally.equity, intervalMs), capital),
      hold: dailyReturns(curveOf(curves.hold, intervalMs), capital),
      periodsPerYear: periodsPerYear(markets),
      trades: tally.trades.length,
      trials: finished.trials,
      seed: evidenceSeed,
    }),
    stress: stressOfOrders({ capital, markets, costs, orders: tally.orders }),
    sources: { ...tally.sources },
    fellBack: tally.fellBack,
    fellBackFor: { ...tally.fellBackFor },
    answeredBy: finished.answeredBy,
    llm: finished.llm,
    knownBars: knownBars(settings, market),
    costs: firstCosts ?? { feeBps: 0, spreadBps: 0, slippageBps: 0 },
    notes: markets.flatMap(notesOn),
    hash: finished.hash,
  };
}

function performanceOf({
  capital,
  market,
  tally,
}: Pick<FinishedRun, 'capital' | 'market' | 'tally'>): Performance {
  return { capital, equity: tally.equity, fills: tally.fills, trades: tally.trades, markets: market.markets };
}

/** As the guard would let a vote trade: with the desk's share of equity for one position. */
function voteOf({ capital, market, tally, costs, positionPct }: FinishedRun): readonly EquityPoint[] {
  const { markets } = market;
  // No guard bounds a vote, so the broker does: nothing is borrowed.
  const covered = { initialMargin: 1, maintenanceMargin: 0.5 };
  const terms = new Map([...costs].map(([symbol, own]) => [symbol, { ...termsFor(own), ...covered }]));
  const share = Math.min(1 / markets.length, positionPct / 100);
  return voteCurve({ capital, markets, terms, votes: tally.votes, share });
}

/** When each trade was in the market, and with how much of the account. Fills happen at opens, or within the bar of an open. */
function timedTrades({ market, tally, capital }: FinishedRun): readonly TimedTrade[] {
  const [only] = market.markets;
  if (only === undefined) return [];
  // A fill bears the open of its bar.
  const barOf = (at: EpochMs) => Math.min(firstBarFrom(only.series, at), only.to - 1);
  let after = 0;
  return tally.trades.map(({ openedAt, closedAt, closedBy, side, quantity, entry, returnPct }) => {
    while (after < tally.equity.length && tally.equity[after]!.at <= openedAt) after++;
    const before = tally.equity[after - 1]?.equity ?? capital;
    // A stop ends a trade inside its bar; as far as opens can tell it was in the market for all of it.
    const last = barOf(closedAt) + (closedBy.endsWith('.stop') ? 1 : 0);
    return {
      entryBar: barOf(openedAt),
      exitBar: Math.min(only.to - 1, last),
      direction: side === 'LONG' ? 1 : -1,
      fraction: before > 0 ? (quantity * entry) / before : 1,
      earned: returnPct / 100,
    };
  });
}

function costPerSide(costs: Costs | undefined): number {
  return costs === undefined ? 0 : (costs.feeBps + costs.spreadBps / 2 + costs.slippageBps) / 10_000;
}

/** The baselines at the instants of the run so far. */
export function baselineCurves({
  capital,
  market,
  tally,
  costs,
}: Pick<FinishedRun, 'capital' | 'market' | 'tally' | 'costs'>) {
  const instants = tally.equity.map((point) => point.at);
  const hold = holdCurve(capital, market.markets, costs, instants);
  const { meanShare } = exposure(market.markets, tally.fills, tally.equity);
  return { hold, matched: matchedCurve(capital, hold, meanShare) };
}

function period(markets: OpenMarket['markets']): { readonly from: string; readonly to: string } {
  const traded = markets.filter((market) => market.from < market.to);
  const opens = traded.map(({ series, from }) => series.openTime[from]!);
  const closes = traded.map(({ series, to }) => series.openTime[to - 1]! + series.intervalMs);
  return { from: isoTime(Math.min(...opens)), to: isoTime(Math.max(...closes)) };
}
