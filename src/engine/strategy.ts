import type { CandleSeries } from '../core/index.ts';

/** Numbers a strategy can be tuned by, with their defaults. */
export type Params = Readonly<Record<string, number>>;

/**
 * A line a strategy reads: a name from the table of indicators (`sma-20`, `macd.signal`, `bollinger-20.upper`), or a
 * function from candles to a column of the same length, NaN where nothing is known. Value i may depend on bars 0 … i only;
 * `orrery check` finds those that do not keep to it.
 */
export type Line = string | ((candles: CandleSeries) => Float64Array);

/** The candle that has just closed. */
export interface StrategyBar {
  /** Of its open, in epoch milliseconds. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What is held of the instrument, at the moment it is asked. */
export interface StrategyPosition {
  /** Signed units; 0 when flat. */
  readonly size: number;
  /** Mean entry price; null when flat. */
  readonly entry: number | null;
  /** Open profit before exit costs. */
  readonly profit: number;
  /** Price of the oldest lot's stop-loss; null for none. */
  readonly stopLoss: number | null;
}

/** What to buy or sell. All prices are absolute. */
export interface OrderWish {
  /** Units when 1 or more, else a fraction of the account; everything when left out. */
  readonly size?: number;
  readonly limit?: number;
  readonly stop?: number;
  /** Stop-loss and take-profit of what this order opens. */
  readonly sl?: number;
  readonly tp?: number;
  /** Distance at which the stop-loss follows the best price. */
  readonly trail?: number;
  /** Bars are offered to it until then; without it, until it fills or is cancelled. */
  readonly timeInForce?: 'gtc' | 'gtd' | 'day' | 'ioc' | 'fok';
  /** For `gtd`: the first instant, in epoch milliseconds, at which it no longer counts. */
  readonly expiresAt?: number;
  /** Only at the next bar's open, or only at its close; without prices of its own. */
  readonly on?: 'open' | 'close';
  /** The first order of a group that fills cancels the others. */
  readonly group?: string;
  readonly reduceOnly?: boolean;
}

/** A bar's close, as a strategy sees it. Orders fill from the next bar on. */
export interface StrategyContext<Own extends Params = Params> {
  readonly params: Own;
  /** Of the bar within its series. */
  readonly index: number;
  readonly bar: StrategyBar;
  readonly position: StrategyPosition;
  readonly equity: number;
  /** A line's value at this bar, or `ago` bars before. `open high low close volume` are lines too. */
  readonly indicator: (name: string, ago?: number) => number;
  /** Whether the first line has passed the second, or a level, upwards with this bar. Exact ties: see docs/strategies.md. */
  readonly crossedAbove: (line: string, other: string | number) => boolean;
  readonly crossedBelow: (line: string, other: string | number) => boolean;
  readonly buy: (wish?: OrderWish) => void;
  readonly sell: (wish?: OrderWish) => void;
  /** Closes the position, or a part of it (0 … 1], at the next opportunity. */
  readonly close: (portion?: number) => void;
  /** Moves the stop-loss of everything held; null takes it away. */
  readonly protect: (price: number | null) => void;
  /** Cancels entries that wait. */
  readonly cancel: () => void;
}

/** Rules in code: which lines they read, and what they do at each close. */
export interface Strategy {
  readonly params: Params;
  readonly indicators: (params: Params) => Readonly<Record<string, Line>>;
  readonly next: (context: StrategyContext) => void;
}

/** A strategy as it is written: `next` and `indicators` know its parameters by name. */
export interface StrategyDefinition<Own extends Params> {
  readonly params?: Own;
  readonly indicators?: (params: Own) => Readonly<Record<string, Line>>;
  readonly next: (context: StrategyContext<Own>) => void;
}

/** Makes a strategy. `next` is first called one bar after every line has a value, so that there is one to compare with. */
export function defineStrategy<Name extends string>(
  definition: StrategyDefinition<Readonly<Record<Name, number>>>,
): Strategy {
  const { params = {}, indicators = () => ({}), next } = definition as StrategyDefinition<Params>;
  return { params, indicators, next };
}
