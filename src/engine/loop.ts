import type {
  DecisionOrder,
  DecisionRecord,
  EpochMs,
  EquityPoint,
  Fill,
  HistoricalClock,
  OrderRecord,
  OrderRefusal,
  Trade,
} from '../core/index.ts';
import { exitKind, orderId } from '../core/index.ts';
import type {
  Broker,
  BrokerState,
  Guard,
  GuardState,
  Order,
  Portfolio,
  PortfolioState,
} from '../trading/index.ts';
import type { Bar, Conclusion, Decider, Situation } from './decider.ts';
import { type Instant, type Market, timeline } from './timeline.ts';

/** Everything that happened at one instant. */
export interface Step {
  readonly at: EpochMs;
  readonly records: readonly DecisionRecord[];
  readonly orders: readonly OrderRecord[];
  readonly fills: readonly Fill[];
  readonly trades: readonly Trade[];
  /** Orders of earlier instants that the broker could not fill, or not whole. */
  readonly refusals: readonly OrderRefusal[];
  readonly equity: EquityPoint;
}

/** Enough to go on after `at` as if nothing had happened. */
export interface Checkpoint {
  readonly at: EpochMs;
  /** Last number given to a situation. */
  readonly number: number;
  readonly portfolio: PortfolioState;
  readonly guard: GuardState;
  readonly broker: BrokerState;
  readonly decider: unknown;
}

export interface LoopOptions {
  readonly run: string;
  readonly markets: readonly Market[];
  readonly clock: HistoricalClock;
  readonly decider: Decider;
  readonly broker: Broker;
  readonly portfolio: Portfolio;
  readonly guard: Guard;
  /** Where an interrupted run stopped. */
  readonly resumeFrom?: { readonly at: EpochMs; readonly number: number };
  /** Told after each instant; `checkpoint` is taken only when asked for, and before the returned promise resolves. */
  onStep(step: Step, checkpoint: () => Checkpoint): void | Promise<void>;
  /** Aborting ends the run after the instant under way. */
  readonly signal?: AbortSignal;
}

/**
 * The one trading loop. At each instant: orders and stops fill in the bars that just closed, the account is marked at
 * their closes, the decider is asked, and the guard judges what it asks for, in the order of symbols.
 * @returns how it ended; after `stopped` the last checkpoint is where to resume.
 */
export async function runLoop(options: LoopOptions): Promise<'done' | 'stopped'> {
  const loop = new Loop(options);
  for (const instant of timeline(options.markets, options.resumeFrom?.at)) {
    if (options.signal?.aborted === true) return 'stopped';
    options.clock.advance(instant.at);
    const played = loop.playBars(instant);
    const { fills, trades, refusals } = played;
    const situations = loop.closeBars(instant, played);
    const answers = askAll(options.decider, situations);
    // Rules answer at once: waiting for them would cost a turn of the event loop per bar.
    const conclusions = answers.some(isPromise)
      ? await allAnswered(answers)
      : (answers as readonly Conclusion[]);
    const { records, placed } = loop.placeOrders(situations, conclusions);
    const orders = [...played.own, ...placed];
    const { portfolio } = options;
    const equity = { at: instant.at, equity: portfolio.equity, cash: portfolio.cash };
    const told = options.onStep({ at: instant.at, records, orders, fills, trades, refusals, equity }, () =>
      loop.checkpoint(instant.at),
    );
    if (told !== undefined) await told;
  }
  return 'done';
}

/** If one answer is an error thrown at once, those under way must not end as rejections that nobody hears. */
function askAll(
  decider: Decider,
  situations: readonly Situation[],
): readonly (Conclusion | Promise<Conclusion>)[] {
  const answers: (Conclusion | Promise<Conclusion>)[] = [];
  try {
    for (const situation of situations) answers.push(decider.decide(situation));
    return answers;
  } catch (thrown) {
    for (const answer of answers) if (isPromise(answer)) answer.catch(() => undefined);
    throw thrown;
  }
}

/** The first failure is told when all have settled: what the others pay for meanwhile is still recorded. */
async function allAnswered(
  answers: readonly (Conclusion | Promise<Conclusion>)[],
): Promise<readonly Conclusion[]> {
  await Promise.allSettled(answers);
  return Promise.all(answers);
}

function isPromise(answer: Conclusion | Promise<Conclusion>): answer is Promise<Conclusion> {
  return answer instanceof Promise;
}

/** What the bars that just closed brought; `own` are the orders that nobody placed, as a stop that was reached. */
interface Played {
  readonly fills: readonly Fill[];
  readonly trades: readonly Trade[];
  readonly own: readonly OrderRecord[];
  readonly refusals: readonly OrderRefusal[];
}

class Loop {
  readonly #options: LoopOptions;
  #number: number;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#number = options.resumeFrom?.number ?? 0;
  }

  playBars(instant: Instant): Played {
    const { broker, portfolio } = this.#options;
    const fills: Fill[] = [];
    const trades: Trade[] = [];
    const own: OrderRecord[] = [];
    const bars = instant.bars.map(({ market: { instrument, series }, index }) => {
      return { instrument: instrument.symbol, series, index };
    });
    for (const executed of broker.advance(bars)) {
      fills.push(executed.fill);
      if (executed.own !== null) own.push(executed.own);
      const trade = portfolio.apply(executed.fill, executed.stop);
      if (trade !== null) trades.push(trade);
    }
    return { fills, trades, own, refusals: broker.refusals() };
  }

  closeBars(instant: Instant, { trades }: Played): readonly Situation[] {
    const { portfolio, guard, run } = this.#options;
    for (const { market, index } of instant.bars) {
      portfolio.mark(market.instrument.symbol, market.series.close[index]!);
    }
    const equity = portfolio.equity;
    guard.observe(equity, trades);
    const account = { equity, cash: portfolio.cash, drawdownPct: guard.totalDrawdownPct(equity) };
    return instant.bars.map(({ market, index }) => ({
      run,
      number: ++this.#number,
      at: instant.at,
      instrument: market.instrument,
      index,
      bar: barAt(market, index),
      position: portfolio.position(market.instrument.symbol),
      stoppedOut: stoppedOut(market, trades),
      account,
    }));
  }

  placeOrders(
    situations: readonly Situation[],
    conclusions: readonly Conclusion[],
  ): { readonly records: readonly DecisionRecord[]; readonly placed: readonly OrderRecord[] } {
    const records: DecisionRecord[] = [];
    const placed: OrderRecord[] = [];
    situations.forEach((situation, slot) => {
      const { decision, voices, request } = conclusions[slot]!;
      records.push(...voices);
      if (request === null) {
        records.push(decision);
        return;
      }
      const { at, instrument } = situation;
      const id = orderId(situation.run, situation.number);
      const outcome = this.#review({ ...request, id, at, decision: decision.id }, situation);
      records.push({ ...decision, order: outcome });
      const { side, type, quantity, stop, status, reason } = outcome;
      placed.push({
        id,
        at,
        instrument: instrument.symbol,
        side,
        type,
        quantity,
        limit: null,
        stop,
        status,
        reason,
        decision: decision.id,
      });
    });
    return { records, placed };
  }

  checkpoint(at: EpochMs): Checkpoint {
    const { portfolio, guard, broker, decider } = this.#options;
    return {
      at,
      number: this.#number,
      portfolio: portfolio.state(),
      guard: guard.state(),
      broker: broker.state(),
      decider: decider.state(),
    };
  }

  #review(order: Order, situation: Situation): DecisionOrder {
    const { portfolio, guard, broker } = this.#options;
    const review = guard.review(
      order,
      {
        equity: portfolio.equity,
        positions: portfolio.positions(),
        waiting: broker.waiting(),
        markOf: (instrument) => portfolio.markOf(instrument),
      },
      situation.instrument.assetClass,
    );
    const { id, side } = order;
    if (review.kind === 'refused') {
      const { quantity, stop } = order;
      return { id, side, type: 'market', quantity, stop, status: 'refused', reason: review.reason };
    }
    broker.submit(review.order);
    const { quantity, stop } = review.order;
    return { id, side, type: 'market', quantity, stop, status: 'approved', reason: review.reason };
  }
}

function stoppedOut({ instrument }: Market, trades: readonly Trade[]): number | null {
  const own = trades.findLast((trade) => trade.instrument === instrument.symbol);
  return own !== undefined && exitKind(own.closedBy) === 'stop' ? own.exit : null;
}

function barAt({ series }: Market, index: number): Bar {
  return {
    open: series.open[index]!,
    high: series.high[index]!,
    low: series.low[index]!,
    close: series.close[index]!,
    volume: series.volume[index]!,
  };
}
