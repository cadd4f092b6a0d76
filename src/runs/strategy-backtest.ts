import {
  type CorporateAction,
  type EpochMs,
  isoTime,
  OrreryError,
  sinceProcessStartMs,
} from '../core/index.ts';
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
  type Honesty,
  honestyOf,
  type Market,
  type MonteCarloRequest,
  monteCarloOf,
  type Params,
  type Strategy,
  trackRecordOf,
} from '../engine/index.ts';
import { adjusted, loadFactorFile } from '../market/index.ts';
import {
  type ClosedLot,
  compatible,
  costsFor,
  freeTerms,
  honest,
  noFees,
  type Terms,
} from '../trading/index.ts';
import { notesOn } from './market-notes.ts';
import { type OpenMarket, openMarket } from './open-market.ts';
import type { FileData } from './run-settings.ts';
import { dataKey, type TrialsLog, variantKey } from './trials-log.ts';

/** What a person asks to be tested. Costs that are null take the defaults of the asset class, or none in compatibility mode. */
export interface BacktestRequest {
  /** `key` names the rules themselves, whatever they are called. */
  readonly strategy: { readonly name: string; readonly key: string; readonly code: Strategy };
  readonly params: Params;
  readonly files: readonly FileData[];
  /** LEAN factor files; a symbol may be left out when there is one instrument. */
  readonly factors: readonly { readonly symbol: string | null; readonly file: string }[];
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
  const { strategy, params, cash } = request;
  const tested = await openTested(request);
  const startedMs = sinceProcessStartMs();
  const result = backtest(strategy.code, params, tested.market.markets, tested.settings);
  const playedMs = sinceProcessStartMs();
  const stats = statisticsOf(result, request);
  const honesty = request.compat ? {} : { honesty: judge(request, tested, result, log) };
  const monteCarlo =
    request.monteCarlo === null ? {} : { monteCarlo: monteCarloOf(result, cash, request.monteCarlo) };
  return {
    ...tested.head,
    params,
    trades: result.closed.length,
    openUnits: Object.fromEntries(result.simulator.account.books.map((book) => [book.symbol, book.units])),
    equityFinal: result.equity[result.equity.length - 1] ?? cash,
    fees: result.simulator.account.fees,
    refused: result.simulator.refusedAt.length,
    stats,
    ...honesty,
    orderHash: result.simulator.log.digest(),
    timings: {
      loadMs: tested.market.loadMs,
      runMs: playedMs - startedMs,
      statsMs: sinceProcessStartMs() - playedMs,
    },
    ...monteCarlo,
    ...(request.withTrades ? { tradeList: result.closed.map((lot) => tradeOf(lot, result.markets)) } : {}),
  };
}

/** Nothing random in a test depends on anything but this. */
const evidenceSeed = 7;

function judge(
  request: BacktestRequest,
  { settings, head }: Tested,
  result: Backtest,
  log: TrialsLog,
): Honesty {
  const { strategy, params, cash } = request;
  const record = trackRecordOf(dailyReturns(result, cash));
  const variant = variantOf(request, head, params);
  const trial = { variant, count: 1, mean: record?.sharpe ?? 0, squares: 0 };
  const trials = record === null ? null : log.note(dataKey(result.markets), trial);
  return honestyOf({ strategy: strategy.code, params, settings, result, trials, seed: evidenceSeed });
}

/** Names what was tried: `params`, or all that were tried at once, under the settings of a request. */
export function variantOf(request: BacktestRequest, { costs }: BacktestHead, params: object): string {
  const { strategy, from, to, margin, fractional, tradeOnClose, hedging, exclusive, finalize } = request;
  const { slippage, volumeShare, borrow } = request;
  const terms = { slippage, volumeShare, borrow, margin, fractional, costs };
  const how = { ...terms, tradeOnClose, hedging, exclusive, finalize };
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
  const actions = await loadActions(request, market.markets);
  const terms = new Map(
    market.markets.map((one) => {
      const { symbol } = one.instrument;
      return [symbol, { ...termsFor(one, request), actions: actions.get(symbol) ?? [] }];
    }),
  );
  const linesFrom = new Map(
    market.markets.flatMap(({ instrument: { symbol }, series }) => {
      const own = actions.get(symbol);
      return own === undefined ? [] : [[symbol, adjusted(series, own)] as const];
    }),
  );
  const conventions = compat ? compatible : honest;
  const settings = { cash, conventions, terms, linesFrom, hedging, exclusive, tradeOnClose, finalize };
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
    costs: { commission: first?.fees.taker ?? 0, spread: first?.spread ?? 0 },
    factors: [...actions.keys()],
    notes: market.markets.flatMap((one) =>
      notesOn({ ...one, series: linesFrom.get(one.instrument.symbol) ?? one.series }),
    ),
  };
  return { market, settings, head };
}

async function loadActions(
  { factors, compat }: BacktestRequest,
  markets: readonly Market[],
): Promise<ReadonlyMap<string, readonly CorporateAction[]>> {
  const [only] = markets;
  const loaded = new Map<string, readonly CorporateAction[]>();
  for (const { symbol: given, file } of factors) {
    const symbol = given ?? (markets.length === 1 ? only!.instrument.symbol : null);
    if (symbol === null || compat || !markets.some((one) => one.instrument.symbol === symbol)) {
      const which =
        symbol === null ? 'which instrument are these factors of?' : `there are no candles of ${symbol}`;
      throw new OrreryError(
        'usage-invalid',
        compat ? '--compat knows no factors' : `--factors ${file}: ${which}`,
        {
          hint: 'Write --factors SYMBOL=FILE, with the symbol of one of the files of candles.',
        },
      );
    }
    loaded.set(symbol, await loadFactorFile(file));
  }
  return loaded;
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
