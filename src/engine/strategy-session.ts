import {
  type CandleSeries,
  type EpochMs,
  firstLineOf,
  isoTime,
  nearestWord,
  OrreryError,
} from '../core/index.ts';
import type { Book, Conventions, FillSimulator, Lot, PriceBar } from '../trading/index.ts';
import { Crossings } from './crossings.ts';
import type { Lines } from './lines.ts';
import type {
  OrderWish,
  Params,
  Strategy,
  StrategyBar,
  StrategyContext,
  StrategyPosition,
} from './strategy.ts';

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
  const { strategy, simulator, slot } = options;
  const context = new SessionContext(options);
  const { bar } = simulator.account.books[slot]!;
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

/**
 * A class, because an object with getters of its own is a dictionary from its second making on, and looked up as slowly;
 * functions as fields, because strategies take them out of it.
 */
class SessionContext implements StrategyContext {
  readonly params: Params;
  readonly position: StrategyPosition;
  readonly #options: SessionOptions;
  readonly #book: Book;
  readonly #bar: PriceBar;
  readonly #crossings: Crossings;

  constructor(options: SessionOptions) {
    this.params = options.params;
    this.#options = options;
    this.#book = options.simulator.account.books[options.slot]!;
    this.#bar = this.#book.bar;
    this.#crossings = new Crossings(options.lines, options.conventions.ties);
    this.position = new PositionView(this.#book);
  }

  get index(): number {
    return this.#bar.index;
  }

  get bar(): StrategyBar {
    const { openTime, open, high, low, close, volume } = this.#bar;
    return { time: openTime, open, high, low, close, volume };
  }

  get equity(): number {
    return this.#options.simulator.account.equity;
  }

  readonly indicator = (name: string, ago = 0): number => {
    if (ago < 0) throw new RangeError(`indicator("${name}", ${ago}) lies in the future`);
    return this.#options.lines.column(name)[this.#bar.index - ago]!;
  };

  readonly crossedAbove = (line: string, other: string | number): boolean =>
    this.#crossings.at(line, other, this.#bar.index) > 0;

  readonly crossedBelow = (line: string, other: string | number): boolean =>
    this.#crossings.at(line, other, this.#bar.index) < 0;

  readonly buy = (wish: OrderWish = {}): void => this.#order(1, wish);

  readonly sell = (wish: OrderWish = {}): void => this.#order(-1, wish);

  readonly close = (portion = 1): void => {
    for (const lot of this.#book.lots)
      this.#options.simulator.close(lot, unitsOf(lot, portion, this.#book.terms.lotSize));
  };

  readonly protect = (price: number | null): void => {
    if (price !== null && (isOdd(price) || price === Number.POSITIVE_INFINITY))
      throw new RangeError(`protect takes a price above 0, or null, not ${String(price)}`);
    for (const lot of this.#book.lots) this.#options.simulator.protect(lot, price ?? Number.NaN);
  };

  readonly cancel = (): void => {
    for (const waiting of [...this.#book.orders])
      if (waiting.role === 'entry') this.#options.simulator.cancel(waiting);
  };

  #order(direction: number, wish: OrderWish): void {
    refuseUnknown(wish);
    refuseOdd(wish);
    const { simulator, slot, whole } = this.#options;
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
  }
}

/** What the strategy did wrong, as its author meets it. */
function faultOf(thrown: unknown, at: EpochMs): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  return new OrreryError(
    'strategy-invalid',
    `the strategy failed at the bar of ${isoTime(at)}: ${firstLineOf(thrown)}`,
    {
      hint: 'Mend the strategy; --verbose shows where.',
      cause: thrown,
    },
  );
}

const lifetimes = ['gtc', 'gtd', 'day', 'ioc', 'fok'];

const wishFields: Readonly<Record<keyof OrderWish, true>> = {
  size: true,
  limit: true,
  stop: true,
  sl: true,
  tp: true,
  trail: true,
  timeInForce: true,
  expiresAt: true,
  on: true,
  group: true,
  reduceOnly: true,
};

/** What other programs call them. */
const otherNames: Readonly<Record<string, keyof OrderWish>> = {
  stoploss: 'sl',
  takeprofit: 'tp',
  target: 'tp',
  qty: 'size',
  quantity: 'size',
  amount: 'size',
  units: 'size',
  trailing: 'trail',
  trailingstop: 'trail',
  tif: 'timeInForce',
};

/** A stop-loss that is misspelt must not be one that is missing. */
function refuseUnknown(wish: OrderWish): void {
  for (const name in wish) if (!Object.hasOwn(wishFields, name)) throw unknownField(name);
}

function unknownField(name: string): RangeError {
  const fields = Object.keys(wishFields);
  const known = otherNames[name.toLowerCase().replace(/[^a-z]/g, '')] ?? nearestWord(name, fields);
  const meant = known === null ? `There are ${fields.join(', ')}` : `Did you mean ${known}?`;
  return new RangeError(`an order has no "${name}". ${meant}`);
}

/** A strategy may be plain JavaScript: what the types forbid is met here. */
function refuseOdd({ size, limit, stop, sl, tp, trail, timeInForce, expiresAt, on }: OrderWish): void {
  if (isOdd(size) || isOdd(limit) || isOdd(stop) || isOdd(sl) || isOdd(tp) || isOdd(trail)) {
    const given = JSON.stringify({ size, limit, stop, sl, tp, trail });
    throw new RangeError(`an order takes numbers above 0, not ${given}`);
  }
  if (timeInForce === 'gtd' && isOdd(expiresAt ?? 0)) throw new RangeError('an order of gtd needs expiresAt');
  if (on !== undefined && on !== 'open' && on !== 'close') {
    throw new RangeError(`on "${on}" is not one of open, close`);
  }
  if (on !== undefined && (limit ?? stop) !== undefined) {
    throw new RangeError(`an order on ${on} has no limit and no stop of its own`);
  }
  if (timeInForce !== undefined && !lifetimes.includes(timeInForce))
    throw new RangeError(`timeInForce "${timeInForce}" is not one of gtc, gtd, day, ioc, fok`);
}

function isOdd(value: unknown): boolean {
  return value !== undefined && !(typeof value === 'number' && value > 0);
}

/** Whole lots, half to even and at least one, where only whole ones are traded. */
function unitsOf(lot: Lot, portion: number, lotSize: number): number {
  if (!(portion > 0 && portion <= 1))
    throw new RangeError(`a portion is above 0 and at most 1, not ${portion}`);
  const held = Math.abs(lot.size);
  if (portion === 1 || lotSize === 0) return held * portion;
  const lots = (held * portion) / lotSize;
  const rounded = Math.round(lots);
  const even = Math.abs(lots % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  // By the reciprocal, because 3 × 0.1 is not 0.3.
  return Math.min(
    held,
    lotSize < 1 ? Math.max(1, even) / Math.round(1 / lotSize) : Math.max(1, even) * lotSize,
  );
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
