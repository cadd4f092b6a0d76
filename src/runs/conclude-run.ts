import { isoTime } from '../core/index.ts';
import {
  barCount,
  baselineOf,
  computeMetrics,
  exposure,
  holdCurve,
  type LlmTotals,
  matchedCurve,
  type Performance,
  type RunDocument,
} from '../engine/index.ts';
import type { Costs, Portfolio } from '../trading/index.ts';
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
  readonly hash: string;
}

/** The document without the times of the work itself, which are known only after it. */
export type RunFigures = Omit<RunDocument, 'timings' | 'report'>;

export function concludeRun(finished: FinishedRun): RunFigures {
  const { run, settings, capital, market, tally, portfolio, costs } = finished;
  const { markets } = market;
  const performance = performanceOf(finished);
  const curves = baselineCurves(finished);
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
    },
    sources: { ...tally.sources },
    fellBack: tally.fellBack,
    llm: finished.llm,
    costs: firstCosts ?? { feeBps: 0, spreadBps: 0, slippageBps: 0 },
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
