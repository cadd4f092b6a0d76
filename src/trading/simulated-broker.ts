import type { Fill, OrderRecord, OrderRefusal, Side } from '../core/index.ts';
import { liquidationOrderId, OrreryError, stopOrderId } from '../core/index.ts';
import type { Book } from './book.ts';
import type { Broker, BrokerState, ClosedBar, Executed, HoldingState } from './broker.ts';
import { honest } from './conventions.ts';
import { type Costs, termsFor } from './costs.ts';
import { FillSimulator } from './fill-simulator.ts';
import { takeApproval } from './guard.ts';
import { Lot } from './lot.ts';
import type { Approved, Order } from './order.ts';
import type { SimulatedFill } from './settlement.ts';
import type { WorkingOrder } from './working-order.ts';

/** A broker that fills by candles. `costs` by instrument; `start` is the capital, or what an interrupted run left. */
export function createSimulatedBroker(
  costs: ReadonlyMap<string, Costs>,
  start: number | BrokerState,
): Broker {
  return new SimulatedBroker(costs, start);
}

interface Submitted {
  readonly order: Order;
  readonly working: WorkingOrder;
}

/** Relative: what sums of doubles leave behind. */
const dust = 1e-12;

class SimulatedBroker implements Broker {
  readonly #simulator: FillSimulator;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #submitted = new Map<string, Submitted>();
  /** By slot, the order that opened its position, the last one where nothing is held. */
  readonly #openings: (HoldingState['opening'] | undefined)[] = [];
  /** What has filled in the bars under way, by order. */
  readonly #executed = new Map<string, Executed>();
  readonly #refusals: OrderRefusal[] = [];

  constructor(costs: ReadonlyMap<string, Costs>, start: number | BrokerState) {
    this.#simulator = new FillSimulator({
      cash: typeof start === 'number' ? start : start.cash,
      instruments: [...costs].map(([symbol, own]) => ({ symbol, terms: termsFor(own) })),
      conventions: honest,
      stopOf: 'position',
      onFill: (filled) => this.#note(filled),
    });
    this.#slots = new Map(this.#simulator.account.books.map(({ symbol, slot }) => [symbol, slot]));
    if (typeof start === 'number') return;
    for (const holding of start.holdings) this.#restore(holding);
    for (const order of start.waiting) this.#place(order);
  }

  submit(order: Approved<Order>): void {
    if (!takeApproval(order)) {
      throw new OrreryError('order-forged', `order ${order.id} did not pass the guard`, {
        hint: 'Orders reach a broker only through Guard.review.',
      });
    }
    this.#place(order);
  }

  advance(bars: readonly ClosedBar[]): readonly Executed[] {
    this.#executed.clear();
    this.#refusals.length = 0;
    this.#simulator.stepTogether(
      bars.map(({ instrument, series, index }) => ({ slot: this.#slotOf(instrument), series, index })),
    );
    for (const [id, { order, working }] of this.#submitted) {
      if (working.waiting) continue;
      this.#submitted.delete(id);
      this.#noteRefusal(order);
    }
    return [...this.#executed.values()];
  }

  refusals(): readonly OrderRefusal[] {
    return [...this.#refusals];
  }

  waiting(): readonly Order[] {
    return [...this.#submitted.values()].map(({ order }) => order);
  }

  state(): BrokerState {
    const { cash, books } = this.#simulator.account;
    const holdings = books.map(({ slot, symbol, mark, lots }) => ({
      instrument: symbol,
      mark,
      opening: lots.length === 0 ? null : (this.#openings[slot] ?? null),
      lots: lots.map(({ size, entryPrice, entryBar, entryFee, openedBy, stopLoss }) => ({
        ...{ size, entryPrice, entryBar, entryFee, openedBy },
        stop: stopLoss?.stop ?? null,
      })),
    }));
    return { cash, holdings, waiting: this.waiting() };
  }

  #restore({ instrument, mark, opening, lots }: HoldingState): void {
    const slot = this.#slotOf(instrument);
    const book = this.#simulator.account.books[slot]!;
    book.mark = mark;
    this.#openings[slot] = opening;
    for (const { size, entryPrice, entryBar, entryFee, openedBy, stop } of lots) {
      const lot = new Lot(slot, size, entryPrice, entryBar, entryFee, openedBy);
      book.add(lot);
      if (stop !== null) this.#simulator.protect(lot, stop);
    }
  }

  #place(order: Order): void {
    const { id, instrument, side, quantity, stop } = order;
    const size = side === 'BUY' ? quantity : -quantity;
    const ticket = stop === null ? { size, id, reduceOnly: true } : { size, id, stopLoss: stop };
    const working = this.#simulator.place(this.#slotOf(instrument), ticket);
    this.#submitted.set(id, { order, working });
  }

  #slotOf(instrument: string): number {
    const slot = this.#slots.get(instrument);
    if (slot === undefined) throw new RangeError(`no costs are known for ${instrument}`);
    return slot;
  }

  #note(filled: SimulatedFill): void {
    const book = this.#simulator.account.books[filled.slot]!;
    const submitted = this.#submittedOf(filled);
    if (submitted === undefined) {
      this.#add(ownOrder(filled, book, this.#openings[book.slot]!), filled, book);
      return;
    }
    const { order } = submitted;
    if (book.lots[0]?.openedBy === order.id) this.#openings[book.slot] = order;
    this.#add(order, filled, book);
  }

  /** Of an order that is over: what its fill leaves was taken away by the simulator. */
  #noteRefusal({ id, instrument, quantity, stop }: Order): void {
    const filled = this.#executed.get(id)?.fill.quantity ?? 0;
    if (filled >= quantity) return;
    const at = this.#simulator.account.books[this.#slotOf(instrument)]!.bar.openTime;
    const what = filled === 0 ? 'it' : 'what it would have opened';
    const why = stop === null ? 'nothing was left to close' : 'no equity was left to cover it';
    this.#refusals.push({ order: id, at, reason: `the broker refused ${what}: ${why}` });
  }

  #submittedOf({ order }: SimulatedFill): Submitted | undefined {
    return order?.role === 'entry' ? this.#submitted.get(order.ticket.id ?? '') : undefined;
  }

  /** The parts of one order are one fill: they are of one moment, and so of one price. */
  #add(order: Order | OrderRecord, { size, price, fee }: SimulatedFill, book: Book): void {
    const before = this.#executed.get(order.id)?.fill;
    const filled = (before?.quantity ?? 0) + Math.abs(size);
    const own = 'type' in order ? order : null;
    const asked = own === null ? order.quantity : filled;
    const quantity = Math.abs(filled - asked) <= dust * asked ? asked : filled;
    const fill: Fill = {
      ...{ order: order.id, at: book.bar.openTime, instrument: book.symbol, side: order.side },
      ...{ quantity, price, fee: (before?.fee ?? 0) + fee },
    };
    this.#executed.set(order.id, {
      fill,
      stop: own === null ? order.stop : null,
      own: own === null ? null : { ...own, quantity },
    });
  }
}

/** What closed a position without being asked to: its stop, or that no equity was left. */
function ownOrder(
  { order, size }: SimulatedFill,
  { bar, symbol }: Book,
  opening: NonNullable<HoldingState['opening']>,
): OrderRecord {
  const side: Side = size > 0 ? 'BUY' : 'SELL';
  const common = {
    ...{ at: bar.openTime, instrument: symbol, side, quantity: Math.abs(size), limit: null },
    ...{ status: 'filled' as const, decision: opening.decision },
  };
  return order === null
    ? { ...common, id: liquidationOrderId(opening.id), type: 'market', stop: null, reason: 'liquidation' }
    : { ...common, id: stopOrderId(opening.id), type: 'stop', stop: order.protects, reason: 'stop-loss' };
}
