import type { CandleSeries } from '../core/index.ts';
import { type BacktestSettings, backtest } from './backtest.ts';
import { strikeOut } from './check-futures.ts';
import type { Line, Params, Strategy, StrategyContext } from './strategy.ts';
import type { Market } from './timeline.ts';

/** A strategy as it is to be played. */
export interface Played {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly settings: BacktestSettings;
}

/** Something `next` asked for at a bar's close. */
export interface Ask {
  readonly bar: number;
  readonly verb: 'buy' | 'sell' | 'close' | 'protect' | 'cancel';
  /** Of a buy or sell that names it: units, or below 1 a fraction of the account. */
  readonly size: number | null;
  /** With all its numbers. */
  readonly words: string;
}

/** All that a strategy asked for in one run, and how that went. */
export interface Asked {
  readonly asks: readonly Ask[];
  /** Openings refused for want of money. */
  readonly refused: number;
  /** Something was filled. */
  readonly traded: boolean;
  /** Where the strategy threw, which ended the run. */
  readonly failure: { readonly bar: number; readonly thrown: unknown } | null;
}

/** Plays a strategy on one instrument and writes down what it asks for. */
export function askedOf({ strategy, params, settings }: Played, market: Market): Asked {
  const asks: Ask[] = [];
  const handed: CandleSeries[] = [];
  let bar = market.from;
  let heard: StrategyContext | null = null;
  const listened: Strategy = {
    ...strategy,
    indicators: (own) => heardLines(strategy.indicators(own), handed),
    next(context) {
      bar = context.index;
      heard ??= listening(context, asks);
      strategy.next(heard);
    },
  };
  try {
    const { simulator } = backtest(listened, params, [market], settings);
    const { account, refusedAt } = simulator;
    return { asks, refused: refusedAt.length, traded: account.traded > 0, failure: null };
  } catch (thrown) {
    return { asks, refused: 0, traded: false, failure: { bar, thrown } };
  } finally {
    // What a line was given and kept must say nothing to the next run.
    for (const candles of handed) strikeOut(candles);
  }
}

function heardLines(
  lines: Readonly<Record<string, Line>>,
  handed: CandleSeries[],
): Readonly<Record<string, Line>> {
  const heard = (line: Line): Line => {
    if (typeof line !== 'function') return line;
    return (candles) => {
      handed.push(candles);
      // A copy: a line may hand out the very column of the candles.
      return line(candles).slice();
    };
  };
  return Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, heard(line)]));
}

function listening(context: StrategyContext, asks: Ask[]): StrategyContext {
  const note = (verb: Ask['verb'], wish?: unknown, size: number | null = null) => {
    asks.push({
      bar: context.index,
      verb,
      size,
      words: wish === undefined ? verb : `${verb} ${JSON.stringify(wish)}`,
    });
  };
  const { params, indicator, crossedAbove, crossedBelow } = context;
  return {
    params,
    indicator,
    crossedAbove,
    crossedBelow,
    get index() {
      return context.index;
    },
    get bar() {
      return context.bar;
    },
    get position() {
      return context.position;
    },
    get equity() {
      return context.equity;
    },
    buy(wish) {
      note('buy', wish, wish?.size);
      context.buy(wish);
    },
    sell(wish) {
      note('sell', wish, wish?.size);
      context.sell(wish);
    },
    close(portion) {
      note('close', portion);
      context.close(portion);
    },
    protect(price) {
      note('protect', price);
      context.protect(price);
    },
    cancel() {
      note('cancel');
      context.cancel();
    },
  };
}
