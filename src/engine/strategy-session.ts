import { type CandleSeries, type EpochMs, isoTime, OrreryError } from '../core/index.ts';
import type { Book, Conventions, FillSimulator, Lot } from '../trading/index.ts';
import { Crossings } from './crossings.ts';
import type { Lines } from './lines.ts';
import type { OrderWish, Params, Strategy, StrategyContext, StrategyPosition } from './strategy.ts';

export interface SessionOptions {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly simulator: FillSimulator;
  readonly conventions: Conventions;
  readonly slot: number;
  readonly series: CandleSeries;
  readonly lines: Lines;
  /** Fraction of the account that "everything" means: 1, shared out when several instruments trade on it. */
  readonly whole: number;
}

/** Asks one strategy about one instrument, bar after bar, and passes its orders on. */
export function createSession(options: SessionOptions): () => void {
  const { strategy, params, simulator, conventions, slot, lines, whole } = options;
  const book = simulator.account.books[slot]!;
  const { bar } = book;
  const crossings = new Crossings(lines, conventions.ties);
  const order = (direction: number, wish: OrderWish = {}) => {
    refuseOdd(wish);
    const { size = whole, limit, stop, sl, tp, trail, timeInForce, expiresAt, on, group, reduceOnly } = wish;
    simulator.place(slot, {
      size: direction * size,
      of: size < 1 || wish.size === undefined ? 'account' : 'units',
      limit,
      stop,
      stopLoss: sl,
      takeProfit: tp,
      trailingStopLoss: trail,
      timeInForce,
      expiresAt,
      session: on,
      group,
      reduceOnly,
    });
  };
  const context: StrategyContext = {
    params,
    get index() {
      return bar.index;
    },
    get bar() {
      const { openTime, open, high, low, close, volume } = bar;
      return { time: openTime, open, high, low, close, volume };
    },
    position: new PositionView(book),
    get equity() {
      return simulator.account.equity;
    },
    indicator: (name, ago = 0) => {
      if (ago < 0) throw new RangeError(`indicator("${name}", ${ago}) lies in the future`);
      return lines.column(name)[bar.index - ago]!;
    },
    crossedAbove: (line, other) => crossings.at(line, other, bar.index) > 0,
    crossedBelow: (line, other) => crossings.at(line, other, bar.index) < 0,
    buy: (wish) => order(1, wish),
    sell: (wish) => order(-1, wish),
    close: (portion = 1) => {
      for (const lot of [...book.lots]) simulator.close(lot, unitsOf(lot, portion));
    },
    protect: (price) => {
      for (const lot of [...book.lots]) simulator.protect(lot, price ?? Number.NaN);
    },
    cancel: () => {
      for (const waiting of [...book.orders]) if (waiting.role === 'entry') simulator.cancel(waiting);
    },
  };
  return () => {
    try {
      const answer: unknown = strategy.next(context);
      if (answer !== undefined && answer instanceof Promise)
        throw new TypeError('next must not be async: the bar does not wait');
    } catch (thrown) {
      throw faultOf(thrown, bar.openTime);
    }
  };
}

/** What the strategy did wrong, as its author meets it. */
function faultOf(thrown: unknown, at: EpochMs): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  const words = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
  return new OrreryError('strategy-invalid', `the strategy failed at the bar of ${isoTime(at)}: ${words}`, {
    hint: 'Mend the strategy; --verbose shows where.',
    cause: thrown,
  });
}

const lifetimes = [undefined, 'gtc', 'gtd', 'day', 'ioc', 'fok'];

/** A strategy may be plain JavaScript: what the types forbid is met here. */
function refuseOdd({ size, limit, stop, sl, tp, trail, timeInForce, expiresAt, on }: OrderWish): void {
  if (isOdd(size) || isOdd(limit) || isOdd(stop) || isOdd(sl) || isOdd(tp) || isOdd(trail)) {
    const given = JSON.stringify({ size, limit, stop, sl, tp, trail });
    throw new RangeError(`an order takes numbers above 0, not ${given}`);
  }
  if (timeInForce === 'gtd' && isOdd(expiresAt ?? 0)) throw new RangeError('an order of gtd needs expiresAt');
  if (on !== undefined && (limit ?? stop) !== undefined) {
    throw new RangeError(`an order on ${on} has no limit and no stop of its own`);
  }
  if (!lifetimes.includes(timeInForce))
    throw new RangeError(`timeInForce "${timeInForce}" is not one of gtc, gtd, day, ioc, fok`);
}

function isOdd(value: unknown): boolean {
  return value !== undefined && !(typeof value === 'number' && value > 0);
}

/** Whole units, half to even and at least one, where only whole ones are traded. */
function unitsOf(lot: Lot, portion: number): number {
  if (!(portion > 0 && portion <= 1))
    throw new RangeError(`a portion is above 0 and at most 1, not ${portion}`);
  const held = Math.abs(lot.size);
  const units = held * portion;
  if (portion === 1 || !Number.isInteger(held)) return units;
  const rounded = Math.round(units);
  const even = Math.abs(units % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return Math.max(1, even);
}

/** The position as it is whenever it is looked at. */
class PositionView implements StrategyPosition {
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  get size(): number {
    return this.#book.units;
  }

  get entry(): number | null {
    return this.size === 0 ? null : this.#cost / this.size;
  }

  get profit(): number {
    return this.size * this.#book.mark - this.#cost;
  }

  get stopLoss(): number | null {
    return this.#book.lots[0]?.stopLoss?.protects ?? null;
  }

  get #cost(): number {
    return this.#book.lots.reduce((sum, lot) => sum + lot.size * lot.entryPrice, 0);
  }
}
