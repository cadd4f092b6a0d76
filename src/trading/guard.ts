import type { AssetClass, Position, Trade } from '../core/index.ts';
import type { Approved, Order } from './order.ts';
import { roundToLot } from './quantity.ts';

/** Limits of a desk, in per cent of equity unless said otherwise. */
export interface Limits {
  /** Loss at the stop, of one trade. */
  readonly riskPerTradePct: number;
  /** Sum of the losses at the stops of all positions. */
  readonly portfolioRiskPct: number;
  /** Value of one position. */
  readonly positionPct: number;
  /** Stop from price, in per cent of price. */
  readonly stopDistancePct: number;
  /** Drawdown from the peak at which openings stop. */
  readonly drawdownPct: number;
  /** Losing trades in a row after which openings stop. */
  readonly lossStreak: number;
  /** Value of all positions, as a multiple of equity. */
  readonly leverage: number;
}

/** The account at the close on which an order is judged. */
export interface AccountView {
  readonly equity: number;
  readonly positions: readonly Position[];
  /** Approved and not filled yet. */
  readonly waiting: readonly Order[];
  markOf(instrument: string): number;
}

export type Review =
  | {
      readonly kind: 'approved';
      readonly order: Approved<Order> /** What was cut and why. */;
      readonly reason: string | null;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export interface GuardState {
  /** Highest equity since the brake was last armed anew. */
  readonly peak: number;
  /** Highest equity of all. */
  readonly highest: number;
  readonly losingTrades: number;
  /** Bars for which openings are still refused, this one included. */
  readonly pausedBars: number;
  readonly pauseReason: string | null;
}

const halvingDrawdownPct = 10;
const pauseBars = 24;
/** Of any instrument. A position of so many units is worth a finite amount at every price that candles may have. */
const mostUnits = 1e30;

/** Identity of every order the guard let through and no broker has taken yet; what is not in here is forged. */
const approvals = new WeakSet<object>();

/** True once for each order the guard let through: an approval is for one order, not for as many as one likes. */
export function takeApproval(order: Order): boolean {
  return approvals.delete(order);
}

function approve(order: Order): Approved<Order> {
  const approved = Object.freeze({ ...order }) as Approved<Order>;
  approvals.add(approved);
  return approved;
}

/** Limits in code, above every model. It may shrink or refuse, never enlarge; what reduces a position always passes. */
export class Guard {
  readonly #limits: Limits;
  #peak: number;
  #highest: number;
  #losingTrades = 0;
  #pausedBars = 0;
  #pauseReason: string | null = null;

  constructor(limits: Limits, start: number | GuardState) {
    this.#limits = limits;
    if (typeof start === 'number') {
      this.#peak = start;
      this.#highest = start;
      return;
    }
    this.#peak = start.peak;
    this.#highest = start.highest;
    this.#losingTrades = start.losingTrades;
    this.#pausedBars = start.pausedBars;
    this.#pauseReason = start.pauseReason;
  }

  state(): GuardState {
    return {
      peak: this.#peak,
      highest: this.#highest,
      losingTrades: this.#losingTrades,
      pausedBars: this.#pausedBars,
      pauseReason: this.#pauseReason,
    };
  }

  /** Call once per bar of the account, before any review: what closed since the last bar, and equity at this close. */
  observe(equity: number, closed: readonly Trade[]): void {
    this.#highest = Math.max(this.#highest, equity);
    for (const trade of closed) this.#losingTrades = trade.pnl < 0 ? this.#losingTrades + 1 : 0;
    if (this.#pausedBars > 0) {
      this.#pausedBars--;
      if (this.#pausedBars > 0) return;
      this.#pauseReason = null;
      this.#peak = equity;
      this.#losingTrades = 0;
      return;
    }
    this.#peak = Math.max(this.#peak, equity);
    if (this.drawdownPct(equity) >= this.#limits.drawdownPct) {
      this.#pause(
        `drawdown ${this.drawdownPct(equity).toFixed(2)} % has reached ${this.#limits.drawdownPct} %`,
      );
    } else if (this.#losingTrades >= this.#limits.lossStreak) {
      this.#pause(`${this.#losingTrades} losing trades in a row`);
    }
  }

  /** Per cent under the highest equity of all: what agents are told, and what the report draws. */
  totalDrawdownPct(equity: number): number {
    return ((this.#highest - equity) / this.#highest) * 100;
  }

  /** Per cent under the peak the brake measures from; each pause arms it anew, so it can be less than the total. */
  drawdownPct(equity: number): number {
    return ((this.#peak - equity) / this.#peak) * 100;
  }

  /** Judges one order on the account as it stands. Prices are the closes of the bar decided on. */
  review(order: Order, account: AccountView, assetClass: AssetClass): Review {
    if (!(order.quantity > 0 && order.quantity < Number.POSITIVE_INFINITY)) {
      return { kind: 'refused', reason: `quantity ${order.quantity} is not a number above zero` };
    }
    // What waits to close cannot be closed once more.
    const held = settled(order.instrument, account).quantity;
    const direction = order.side === 'BUY' ? 1 : -1;
    const closing = Math.sign(held) === -direction ? Math.min(Math.abs(held), order.quantity) : 0;
    const opening = order.quantity - closing;
    if (opening <= 0) return { kind: 'approved', order: approve(order), reason: null };
    const allowed = this.#allowOpening(order, opening, account, assetClass);
    if (allowed.quantity > 0) {
      const quantity = closing + allowed.quantity;
      return { kind: 'approved', order: approve({ ...order, quantity }), reason: allowed.reason };
    }
    if (closing === 0) return { kind: 'refused', reason: allowed.reason ?? 'nothing is left of the size' };
    const reason = `closes only: ${allowed.reason}`;
    return { kind: 'approved', order: approve({ ...order, quantity: closing, stop: null }), reason };
  }

  #pause(reason: string): void {
    this.#pausedBars = pauseBars;
    this.#pauseReason = reason;
  }

  #allowOpening(
    order: Order,
    wanted: number,
    account: AccountView,
    assetClass: AssetClass,
  ): { readonly quantity: number; readonly reason: string | null } {
    const price = account.markOf(order.instrument);
    const refusal = this.#refuseOpening(order, price, account.equity);
    if (refusal !== null) return { quantity: 0, reason: refusal };
    let quantity = wanted;
    const cuts: string[] = [];
    for (const cap of this.#caps(order, price, account)) {
      if (quantity <= cap.quantity) continue;
      // A limit that cannot be computed leaves nothing.
      quantity = Number.isNaN(cap.quantity) ? 0 : Math.max(0, cap.quantity);
      cuts[0] = `size cut to fit ${cap.limit}`;
    }
    // After the caps: whoever asks for twice as much is halved all the same.
    const drawdownPct = this.drawdownPct(account.equity);
    if (drawdownPct >= halvingDrawdownPct) {
      quantity /= 2;
      cuts.push(`size halved: drawdown ${drawdownPct.toFixed(2)} % is past ${halvingDrawdownPct} %`);
    }
    const rounded = roundToLot(quantity, assetClass);
    if (rounded === 0 && cuts.length === 0) cuts.push('the size is smaller than one lot');
    return { quantity: rounded, reason: cuts.length === 0 ? null : cuts.join('; ') };
  }

  #refuseOpening(order: Order, price: number, equity: number): string | null {
    if (this.#pausedBars > 0)
      return `no openings for ${this.#pausedBars} more ${this.#pausedBars === 1 ? 'bar' : 'bars'}: ${this.#pauseReason}`;
    if (equity <= 0) return 'the account has no equity left';
    if (order.stop === null) return 'an opening needs a stop';
    const distance = order.side === 'BUY' ? price - order.stop : order.stop - price;
    if (!(distance > 0)) return `stop ${order.stop} is on the wrong side of ${price}`;
    const distancePct = (distance / price) * 100;
    // A stop set exactly at the limit comes back with the dust of its decimals.
    if (distancePct > this.#limits.stopDistancePct * (1 + 1e-9)) {
      return `stop is ${distancePct.toFixed(2)} % away, farther than stopDistancePct ${this.#limits.stopDistancePct}`;
    }
    return null;
  }

  /** The largest opening each limit allows, given what is held and what waits to be filled. */
  #caps(
    order: Order,
    price: number,
    account: AccountView,
  ): readonly { readonly limit: string; readonly quantity: number }[] {
    const limits = this.#limits;
    const perUnitRisk = Math.abs(price - (order.stop ?? price));
    const share = (percent: number) => (account.equity * percent) / 100;
    const others = committed(order, account);
    return [
      {
        limit: `riskPerTradePct ${limits.riskPerTradePct}`,
        quantity: share(limits.riskPerTradePct) / perUnitRisk - others.ownUnits,
      },
      {
        limit: `portfolioRiskPct ${limits.portfolioRiskPct}`,
        quantity: (share(limits.portfolioRiskPct) - others.risk) / perUnitRisk,
      },
      {
        limit: `positionPct ${limits.positionPct}`,
        quantity: share(limits.positionPct) / price - others.ownUnits,
      },
      {
        limit: `leverage ${limits.leverage}`,
        quantity: (account.equity * limits.leverage - others.value) / price,
      },
      {
        limit: `what can be computed with, ${mostUnits} units`,
        quantity: mostUnits - others.ownUnits,
      },
    ];
  }
}

interface Holding {
  /** Signed, negative when short. */
  readonly quantity: number;
  readonly stop: number | null;
}

const nothing: Holding = { quantity: 0, stop: null };

/** What positions that stay and orders that wait already use up, without the part that this order closes. */
function committed(
  order: Order,
  account: AccountView,
): { readonly ownUnits: number; readonly risk: number; readonly value: number } {
  const direction = order.side === 'BUY' ? 1 : -1;
  const own = settled(order.instrument, account).quantity;
  const ownUnits = Math.sign(own) === -direction ? 0 : Math.abs(own);
  const price = account.markOf(order.instrument);
  // The stop of this order will protect the whole position.
  let risk = lossAtStop(direction * ownUnits, price, order.stop);
  let value = ownUnits * price;
  const others = new Set([...account.positions, ...account.waiting].map(({ instrument }) => instrument));
  others.delete(order.instrument);
  for (const instrument of others) {
    const mark = account.markOf(instrument);
    // What waits there may fill sooner or later than this order: the worse of both counts.
    const now = account.positions.find((position) => position.instrument === instrument) ?? nothing;
    const then = settled(instrument, account);
    risk += Math.max(lossAtStop(now.quantity, mark, now.stop), lossAtStop(then.quantity, mark, then.stop));
    value += Math.max(Math.abs(now.quantity), Math.abs(then.quantity)) * mark;
  }
  return { ownUnits, risk, value };
}

/** The position once everything that waits for its instrument has filled, all at one open. */
function settled(instrument: string, account: AccountView): Holding {
  let { quantity, stop } =
    account.positions.find((position) => position.instrument === instrument) ?? nothing;
  for (const order of account.waiting) {
    if (order.instrument !== instrument) continue;
    const direction = order.side === 'BUY' ? 1 : -1;
    const after = quantity + direction * order.quantity;
    if (Math.sign(after) !== Math.sign(quantity)) stop = order.stop;
    else if (Math.sign(quantity) === direction) stop = order.stop ?? stop;
    quantity = after;
  }
  return { quantity, stop };
}

/** A position without a stop risks its whole value. */
function lossAtStop(signed: number, mark: number, stop: number | null): number {
  if (stop === null) return Math.abs(signed) * mark;
  return Math.max(0, signed * (mark - stop));
}
