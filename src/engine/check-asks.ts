import type { CandleSeries } from '../core/index.ts';
import { type BacktestSettings, backtest } from './backtest.ts';
import { stretchOf, strikeOut } from './check-futures.ts';
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

/** What stands, for whoever keeps the candles that a line was given, in the place of bars that have not closed. */
export type Disguise = (candles: CandleSeries) => CandleSeries;

/**
 * Plays a strategy on one instrument and writes down what it asks for. With a disguise lines have their true values, but
 * of the candles they were given only bars that have closed are true.
 */
export function askedOf({ strategy, params, settings }: Played, market: Market, disguise?: Disguise): Asked {
  const asks: Ask[] = [];
  const handed: Handed[] = [];
  let bar = market.from;
  let heard: StrategyContext | null = null;
  const listened: Strategy = {
    ...strategy,
    indicators: (own) => heardLines(strategy.indicators(own), handed, disguise),
    next(context) {
      const seen = bar;
      bar = context.index;
      for (const one of handed)
        if (one.truth !== null) uncover(one.candles, one.truth, heard === null ? 0 : seen, bar);
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
    for (const { candles } of handed) strikeOut(candles);
  }
}

/** Candles that a line was given, and what they are if they are disguised. */
interface Handed {
  readonly candles: CandleSeries;
  readonly truth: CandleSeries | null;
}

function heardLines(
  lines: Readonly<Record<string, Line>>,
  handed: Handed[],
  disguise: Disguise | undefined,
): Readonly<Record<string, Line>> {
  const heard = (line: Line): Line => {
    if (typeof line !== 'function') return line;
    return (candles) => {
      const truth = disguise === undefined ? null : stretchOf(candles, 0, candles.length);
      handed.push({ candles, truth });
      // A copy: a line may hand out the very column of the candles.
      const values = line(candles).slice();
      if (disguise !== undefined) {
        const other = disguise(candles);
        for (const name of columns) candles[name].set(other[name]);
        // Once more, for lines that keep copies: those of the last time are what they go by.
        line(other);
        handed.push({ candles: other, truth });
      }
      return values;
    };
  };
  return Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, heard(line)]));
}

const columns = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Bars `from` to `to`, inclusive. */
function uncover(candles: CandleSeries, truth: CandleSeries, from: number, to: number): void {
  for (const name of columns) candles[name].set(truth[name].subarray(from, to + 1), from);
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
