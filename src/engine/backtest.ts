import type { CandleSeries } from '../core/index.ts';
import type { IndicatorSet } from '../market/index.ts';
import {
  type ClosedLot,
  type Conventions,
  FillSimulator,
  type SimulatorOptions,
  type Terms,
} from '../trading/index.ts';
import { drawnFrom } from './drawn-from.ts';
import { linesOf } from './lines.ts';
import { intervalOf } from './metrics.ts';
import { type SilentLine, silentLine } from './silent-lines.ts';
import type { Params, Strategy } from './strategy.ts';
import { createSession } from './strategy-session.ts';
import { type Market, timeline } from './timeline.ts';

export interface BacktestSettings {
  readonly cash: number;
  readonly conventions: Conventions;
  /** By symbol. */
  readonly terms: ReadonlyMap<string, Terms>;
  readonly hedging: boolean;
  readonly exclusive: boolean;
  readonly tradeOnClose: boolean;
  /** Closes what is held at the last bar instead of marking it. */
  readonly finalize: boolean;
  /** Bars by which every order is late; 0 when left out. */
  readonly delayBars?: number;
  /** Keeps what many backtests on the same candles would compute again; by default each computes its own. */
  readonly indicatorsOf?: (series: CandleSeries) => IndicatorSet;
  /** Where the equity of one instrument's bars is written, if it is long enough: the next backtest writes over it. */
  readonly equityColumn?: Float64Array;
}

/** What a strategy did. Columns have one value per instant at which bars closed. */
export interface Backtest {
  readonly openedAt: Float64Array;
  readonly equity: Float64Array;
  /** Ordered by closing. Bars are indexes into the lot's own series. Made when first asked for. */
  readonly closed: readonly ClosedLot[];
  /** Slot by slot: the instruments in the order of their symbols. */
  readonly markets: readonly Market[];
  /** Instants before the first call of `next`; equity is the cash there. */
  readonly warmUp: number;
  /** Bars with a position at their close, over all instruments. */
  readonly barsHeld: number;
  /** Mean over instants of the value of all positions, short ones counted positive, as a share of equity. */
  readonly meanShare: number;
  /** Lines for want of which the strategy was never asked, one for each such instrument. */
  readonly silent: readonly SilentLine[];
  readonly simulator: FillSimulator;
}

/** Plays one strategy over history, on every instrument by its own, with one account for all. */
export function backtest(
  strategy: Strategy,
  params: Params,
  markets: readonly Market[],
  settings: BacktestSettings,
): Backtest {
  const slots = [...markets].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1));
  const simulator = new FillSimulator(simulatorOptions(slots, settings));
  // Frozen: what a strategy writes into them would be told as what it was given.
  const given = Object.freeze({ ...params });
  const plays = slots.map((market, slot) =>
    play(strategy, given, market, slot, slots.length, simulator, settings),
  );
  return slots.length === 1
    ? playOne(plays[0]!, simulator, settings)
    : playTogether(plays, simulator, settings);
}

interface Play {
  readonly market: Market;
  readonly slot: number;
  /** First bar at whose close the strategy is asked. */
  readonly first: number;
  /** Why it is never asked; null where it is. */
  readonly silent: SilentLine | null;
  readonly decide: () => void;
}

function play(
  strategy: Strategy,
  params: Params,
  market: Market,
  slot: number,
  slots: number,
  simulator: FillSimulator,
  { conventions, indicatorsOf, terms }: BacktestSettings,
): Play {
  const { series } = market;
  const drawn = drawnFrom(series, terms.get(market.instrument.symbol)!);
  const lines = linesOf(strategy.indicators(params), drawn, indicatorsOf?.(drawn));
  const whole = wholeOf(conventions, slots);
  const options = { strategy, params, simulator, conventions, slot, series, lines, whole };
  return {
    market,
    slot,
    first: Math.max(market.from, lines.first + 1),
    silent: silentLine(lines, market),
    decide: createSession(options),
  };
}

/** The fraction of the account that "everything" is, when `slots` instruments share it. */
export function wholeOf(conventions: Conventions, slots: number): number {
  // Sized by free margin alone, it must not exceed that by the last bit.
  return conventions.sizedBy === 'equity' ? 1 / slots : 1 - 2 ** -52;
}

function playOne(
  { market, slot, first, silent, decide }: Play,
  simulator: FillSimulator,
  settings: BacktestSettings,
): Backtest {
  const { series, from, to } = market;
  const { account } = simulator;
  const book = account.books[slot]!;
  const equity = equityColumn(to - from, settings).fill(settings.cash, 0, Math.min(first, to) - from);
  let shares = 0;
  let barsHeld = 0;
  for (let index = first; index < to && !simulator.ruined; index++) {
    simulator.step(slot, series, index);
    const worth = account.equity;
    equity[index - from] = worth;
    if (book.units !== 0) {
      barsHeld++;
      if (worth > 0) shares += (book.gross * book.mark) / worth;
    }
    if (!simulator.ruined) decide();
  }
  if (settings.finalize && !simulator.ruined && first < to) {
    finalize(simulator, slot, series, to - 1, settings.conventions);
    equity[to - 1 - from] = account.equity;
  }
  return {
    openedAt: series.openTime.subarray(from, to),
    equity,
    meanShare: to > from ? shares / (to - from) : 0,
    get closed() {
      return simulator.closed;
    },
    markets: [market],
    warmUp: first - from,
    barsHeld,
    silent: silent === null ? [] : [silent],
    simulator,
  };
}

/** Ends with nothing held. */
function finalize(
  simulator: FillSimulator,
  slot: number,
  series: CandleSeries,
  last: number,
  { walk }: Conventions,
): void {
  if (walk === 'chronological') {
    simulator.closeOut(slot);
    return;
  }
  // As there: closed newest first at the front of the queue, which then meets the last bar once more.
  for (const lot of [...simulator.account.books[slot]!.lots].reverse()) simulator.close(lot);
  simulator.step(slot, series, last);
}

function equityColumn(length: number, { equityColumn: given }: BacktestSettings): Float64Array {
  if (given === undefined || given.length < length) return new Float64Array(length);
  return given.subarray(0, length).fill(0);
}

function playTogether(
  plays: readonly Play[],
  simulator: FillSimulator,
  settings: BacktestSettings,
): Backtest {
  const markets = plays.map(({ market }) => market);
  const intervalMs = intervalOf(markets);
  const bySymbol = new Map(plays.map((one) => [one.market.instrument.symbol, one]));
  const openedAt: number[] = [];
  const equity: number[] = [];
  let shares = 0;
  let barsHeld = 0;
  let warmUp = 0;
  for (const instant of timeline(markets)) {
    const turns = instant.bars.map(({ market, index }) => {
      const { slot } = bySymbol.get(market.instrument.symbol)!;
      return { slot, series: market.series, index };
    });
    simulator.stepTogether(turns);
    openedAt.push(instant.at - intervalMs);
    const { account } = simulator;
    equity.push(account.equity);
    const value = account.books.reduce((sum, { gross, mark }) => sum + gross * mark, 0);
    if (account.equity > 0) shares += value / account.equity;
    let asked = false;
    for (const { slot, index } of turns) {
      if (simulator.account.books[slot]!.units !== 0) barsHeld++;
      const one = plays[slot]!;
      if (index < one.first) continue;
      asked = true;
      one.decide();
    }
    if (!asked && warmUp === openedAt.length - 1) warmUp++;
  }
  if (settings.finalize && equity.length > 0) {
    for (const { slot } of plays) simulator.closeOut(slot);
    equity[equity.length - 1] = simulator.account.equity;
  }
  return {
    openedAt: Float64Array.from(openedAt),
    equity: Float64Array.from(equity),
    meanShare: openedAt.length === 0 ? 0 : shares / openedAt.length,
    get closed() {
      return simulator.closed;
    },
    markets,
    warmUp,
    barsHeld,
    silent: plays.flatMap(({ silent }) => (silent === null ? [] : [silent])),
    simulator,
  };
}

function simulatorOptions(slots: readonly Market[], settings: BacktestSettings): SimulatorOptions {
  const { cash, conventions, hedging, exclusive, tradeOnClose, delayBars } = settings;
  const instruments = slots.map(({ instrument: { symbol } }) => ({
    symbol,
    terms: settings.terms.get(symbol)!,
  }));
  return { cash, instruments, conventions, hedging, exclusive, tradeOnClose, delayBars };
}
