import { type EpochMs, isoTime, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import {
  type Backtest,
  type BacktestDocument,
  type BacktestHead,
  type BacktestSettings,
  type BacktestStatistics,
  type BacktestTrade,
  backtest,
  backtestMetrics,
  barCount,
  type CompatibleTrades,
  compatibleStatistics,
  dailyReturns,
  drawnFrom,
  type Honesty,
  honestyOf,
  type Market,
  type MonteCarloRequest,
  monteCarloOf,
  notesOnSilence,
  type Params,
  type Strategy,
  type Trials,
  trackRecordOf,
} from '../engine/index.ts';
import { loadFactorFile, loadFundingFile, refuseForeignFactors } from '../market/index.ts';
import {
  type ClosedLot,
  compatible,
  costsFor,
  freeTerms,
  honest,
  noFees,
  type Terms,
} from '../trading/index.ts';
import { loadBySymbol, type SymbolFile } from './files-by-symbol.ts';
import { noteOfSecondRun } from './kept-state.ts';
import { fundingNotes, notesOn } from './market-notes.ts';
import { type OpenMarket, openMarket } from './open-market.ts';
import type { FileData } from './run-settings.ts';
import { dataKey, type TrialsLog, variantKey } from './trials-log.ts';

/** What a person asks to be tested. Costs that are null take the defaults of the asset class, or none in compatibility mode. */
export interface BacktestRequest {
  /** `key` names the rules themselves, whatever they are called. */
  readonly strategy: { readonly name: string; readonly key: string; readonly code: Strategy };
  readonly params: Params;
  readonly files: readonly FileData[];
  /** LEAN factor files. */
  readonly factors: readonly SymbolFile[];
  /** What longs pay shorts at each settlement. */
  readonly funding: readonly SymbolFile[];
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly cash: number;
  /** Of the traded value, each side. */
  readonly commission: number | null;
  /** Bid to ask, of the price. */
  readonly spread: number | null;
  /** Share of a position's value to be covered, above 0 and at most 1. */
  readonly margin: number;
  /** Beside the spread, of the price; for orders that do not wait at a limit. */
  readonly slippage: number;
  /** Most of a bar's volume that fills may take; null for all one asks. */
  readonly volumeShare: number | null;
  /** Cost of holding a short position, a fraction of its value a year. */
  readonly borrow: number;
  readonly fractional: boolean;
  readonly tradeOnClose: boolean;
  readonly hedging: boolean;
  readonly exclusive: boolean;
  readonly finalize: boolean;
  readonly compat: boolean;
  /** Draw the days of the test anew; null for not. */
  readonly monteCarlo: MonteCarloRequest | null;
  /** Put the list of trades into the document. */
  readonly withTrades: boolean;
}

/** @throws OrreryError what reading candles and the strategy throw */
export async function backtestStrategy(request: BacktestRequest, log: TrialsLog): Promise<BacktestDocument> {
  return judged(play(request, await openTested(request)), log);
}

/** What a strategy did, not yet judged. */
export interface Played {
  readonly request: BacktestRequest;
  readonly tested: Tested;
  readonly result: Backtest;
  readonly runMs: number;
}

/** @throws OrreryError what the strategy throws */
export function play(request: BacktestRequest, tested: Tested): Played {
  const startedMs = sinceProcessStartMs();
  const result = backtest(request.strategy.code, request.params, tested.market.markets, tested.settings);
  return { request, tested, result, runMs: sinceProcessStartMs() - startedMs };
}

/** Says what was done, and in how far that can be told from luck. */
export function judged(played: Played, log: TrialsLog): BacktestDocument {
  const { request, tested, result, runMs } = played;
  const { params, cash } = request;
  const playedMs = sinceProcessStartMs();
  const stats = statisticsOf(result, request);
  const kept = request.compat ? [] : noteOfSecondRun(request, tested, result);
  const honesty = request.compat ? {} : { honesty: honestyOn(played, log) };
  const monteCarlo =
    request.monteCarlo === null ? {} : { monteCarlo: monteCarloOf(result, cash, request.monteCarlo) };
  return {
    ...tested.head,
    notes: [...tested.head.notes, ...notesOnSilence(result), ...kept],
    params,
    trades: result.closed.length,
    openUnits: Object.fromEntries(result.simulator.account.books.map((book) => [book.symbol, book.units])),
    equityFinal: result.equity[result.equity.length - 1] ?? cash,
    fees: result.simulator.account.fees,
    funding: result.simulator.account.funding,
    borrow: result.simulator.account.borrow,
    refused: result.simulator.refusedAt.length,
    stats,
    ...honesty,
    orderHash: result.simulator.log.digest(),
    timings: {
      loadMs: tested.market.loadMs,
      runMs,
      statsMs: sinceProcessStartMs() - playedMs,
    },
    ...monteCarlo,
    ...(request.withTrades ? { tradeList: result.closed.map((lot) => tradeOf(lot, result.markets)) } : {}),
  };
}

/** Nothing random in a test depends on anything but this. */
export const evidenceSeed = 7;

function honestyOn(played: Played, log: TrialsLog): Honesty {
  const { request, tested, result } = played;
  const { strategy, params } = request;
  const trials = noteTrial(played, log);
  return honestyOf({
    strategy: strategy.code,
    params,
    settings: tested.settings,
    result,
    trials,
    seed: evidenceSeed,
  });
}

/** @returns all that were tried on the same candles, this one included; null where the daily returns do not vary */
export function noteTrial({ request, tested, result }: Played, log: TrialsLog): Trials | null {
  const record = trackRecordOf(dailyReturns(result, request.cash));
  if (record === null) return null;
  const variant = variantOf(request, tested.head, request.params);
  return log.note(dataKey(result.markets), [{ variant, sharpe: record.sharpe }]);
}

/** Names what was tried: `params`, or all that were tried at once, under the settings of a request. */
export function variantOf(request: BacktestRequest, { costs, funded }: BacktestHead, params: object): string {
  const { strategy, from, to, margin, fractional, tradeOnClose, hedging, exclusive, finalize } = request;
  const { slippage, volumeShare, borrow } = request;
  const terms = { slippage, volumeShare, borrow, margin, fractional, costs };
  // Not there without: what was tried before funding was known is the same variant.
  const paid = funded.length === 0 ? {} : { funded };
  const how = { ...terms, ...paid, tradeOnClose, hedging, exclusive, finalize };
  return variantKey({ strategy: strategy.key, params, from, to, how });
}

/** What a test rests on, loaded, and what its document says of it. */
export interface Tested {
  readonly market: OpenMarket;
  readonly settings: BacktestSettings;
  readonly head: BacktestHead;
}

/** @throws OrreryError what reading candles throws */
export async function openTested(request: BacktestRequest): Promise<Tested> {
  const { strategy, files, from, to, cash, compat, hedging, exclusive, tradeOnClose, finalize } = request;
  const market = await openMarket({ data: { kind: 'files', files }, from, to, seed: 0 });
  if (compat && market.markets.length > 1) {
    throw new OrreryError('usage-invalid', '--compat tests one instrument at a time', {
      hint: 'Give one --data, or leave --compat out.',
    });
  }
  refuseBesides(request);
  const factors = await loadBySymbol('--factors', request.factors, market.markets, loadFactorFile);
  for (const { series } of market.markets) {
    const own = factors.get(series.symbol);
    if (own !== undefined) refuseForeignFactors(own, series);
  }
  const actions = new Map([...factors].map(([symbol, own]) => [symbol, own.actions]));
  const funding = await loadBySymbol('--funding', request.funding, market.markets, loadFundingFile);
  const terms = new Map(
    market.markets.map((one) => {
      const { symbol } = one.instrument;
      const events = { actions: actions.get(symbol) ?? [], funding: funding.get(symbol) ?? [] };
      return [symbol, { ...termsFor(one, request), ...events }];
    }),
  );
  const conventions = compat ? compatible : honest;
  const settings = { cash, conventions, terms, hedging, exclusive, tradeOnClose, finalize };
  const traded = market.markets.filter((one) => one.from < one.to);
  const [first] = terms.values();
  const head = {
    strategy: strategy.name,
    compat,
    instruments: market.instruments,
    from: isoTime(Math.min(...traded.map((one) => one.series.openTime[one.from]!))),
    to: isoTime(Math.max(...traded.map((one) => one.series.openTime[one.to - 1]! + one.series.intervalMs))),
    bars: barCount(market.markets),
    cash,
    costs: { commission: first?.fees.taker ?? 0, spread: first?.spread ?? 0, slippage: request.slippage },
    factors: [...actions.keys()],
    funded: [...funding.keys()],
    notes: market.markets.flatMap((one) => [
      ...notesOn({ ...one, series: drawnFrom(one.series, terms.get(one.instrument.symbol)!) }),
      ...fundingNotes(one, funding.get(one.instrument.symbol) ?? []),
    ]),
  };
  return { market, settings, head };
}

/** backtesting.py knows none of them. */
function refuseBesides({ compat, factors, funding, slippage, fractional }: BacktestRequest): void {
  if (compat && fractional) {
    throw new OrreryError('usage-invalid', '--compat trades whole units, and --fractional parts of them', {
      hint: 'Leave --fractional or --compat out.',
    });
  }
  const given = { factors: factors.length > 0, funding: funding.length > 0, slippage: slippage !== 0 };
  const besides = Object.entries(given).find(([, is]) => is)?.[0];
  if (!compat || besides === undefined) return;
  throw new OrreryError('usage-invalid', `--compat knows no ${besides}`, {
    hint: `Leave --${besides} or --compat out.`,
  });
}

/** How an instrument is traded in a backtest. */
function termsFor({ instrument }: Market, request: BacktestRequest): Terms {
  const usual = costsFor(instrument.assetClass, {});
  const commission = request.commission ?? (request.compat ? 0 : usual.feeBps / 10_000);
  return {
    ...freeTerms,
    fees: { ...noFees, taker: commission, maker: commission },
    spread: request.spread ?? (request.compat ? 0 : usual.spreadBps / 10_000),
    slippage: request.slippage === 0 ? { kind: 'none' } : { kind: 'fraction', fraction: request.slippage },
    volumeShare: request.volumeShare ?? Number.POSITIVE_INFINITY,
    borrowPerYear: request.borrow,
    lotSize: request.fractional ? 1e-6 : 1,
    initialMargin: request.margin,
    maintenanceMargin: request.margin / 2,
  };
}

/** By the definitions of a run, or of backtesting.py. */
export function statisticsOf(
  result: Backtest,
  { cash, compat }: Pick<BacktestRequest, 'cash' | 'compat'>,
): BacktestStatistics {
  const [market] = result.markets;
  if (!compat || market === undefined) return backtestMetrics(result, cash);
  const { series, from, to } = market;
  return compatibleStatistics({
    openTime: series.openTime.subarray(from, to),
    close: series.close.subarray(from, to),
    equity: result.equity,
    trades: columnsOf(result.closed, from),
    firstNextBar: result.warmUp,
  });
}

function columnsOf(closed: readonly ClosedLot[], from: number): CompatibleTrades {
  const column = (of: (lot: ClosedLot) => number) => Float64Array.from(closed, of);
  return {
    entryBar: column((lot) => lot.entryBar - from),
    exitBar: column((lot) => lot.exitBar - from),
    pnl: column((lot) => lot.pnl),
    returnFraction: column((lot) => lot.returnFraction),
    commission: column((lot) => lot.fees),
  };
}

function tradeOf(lot: ClosedLot, markets: readonly Market[]): BacktestTrade {
  const { instrument, series } = markets[lot.slot]!;
  const price = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    instrument: instrument.symbol,
    side: lot.size > 0 ? 'LONG' : 'SHORT',
    quantity: Math.abs(lot.size),
    openedAt: isoTime(series.openTime[lot.entryBar]!),
    closedAt: isoTime(series.openTime[lot.exitBar]!),
    entryBar: lot.entryBar,
    exitBar: lot.exitBar,
    entry: lot.entryPrice,
    exit: lot.exitPrice,
    stopLoss: price(lot.stopLoss),
    takeProfit: price(lot.takeProfit),
    pnl: lot.pnl,
    fees: lot.fees,
    returnPct: lot.returnFraction * 100,
  };
}
