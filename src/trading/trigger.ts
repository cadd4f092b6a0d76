import type { CandleSeries } from '../core/index.ts';
import type { WorkingOrder } from './working-order.ts';

const none = new Float64Array(0);
const nothing: CandleSeries = {
  symbol: '',
  intervalMs: 0,
  length: 0,
  openTime: none,
  open: none,
  high: none,
  low: none,
  close: none,
  volume: none,
};

/** The bar that an instrument has reached, read where it lies. */
export class PriceBar {
  index = -1;
  #series: CandleSeries = nothing;

  turnTo(series: CandleSeries, index: number): void {
    this.#series = series;
    this.index = index;
  }

  get openTime(): number {
    return this.#series.openTime[this.index]!;
  }

  get open(): number {
    return this.#series.open[this.index]!;
  }

  get high(): number {
    return this.#series.high[this.index]!;
  }

  get low(): number {
    return this.#series.low[this.index]!;
  }

  get close(): number {
    return this.#series.close[this.index]!;
  }

  get volume(): number {
    return this.#series.volume[this.index]!;
  }

  /** NaN at the first bar. */
  get previousClose(): number {
    return this.#series.close[this.index - 1] ?? Number.NaN;
  }
}

/** A part of a bar, in the order of time as far as a bar shows it. Inside the range the worse for the trader comes first. */
export type Moment = 'open' | 'stops' | 'limits' | 'close';

/** No fill. */
const never = Number.NaN;

/**
 * The price, before spread and slippage, at which an order fills in this part of a bar, or NaN. A stop that is reached
 * turns into what waits behind it: `order.stop` becomes NaN.
 * Gaps: what the open has already passed fills at the open, for better (limits) or worse (stops). A stop-limit whose
 * limit lies on the far side of its stop does not fill in the bar that reaches the stop: its limit may have been touched
 * before it counted.
 */
export function priceAt(moment: Moment, order: WorkingOrder, bar: PriceBar, marketOnClose: boolean): number {
  const { session } = order.ticket;
  const plain = marketOnClose && !order.isLeg && Number.isNaN(order.limit) && !sleeps(order);
  if (session === 'close' || plain) return moment === 'close' ? bar.close : never;
  const buys = order.size > 0;
  if (moment === 'open') {
    if (sleeps(order)) {
      if (buys ? bar.open < order.stop : bar.open > order.stop) return never;
      order.stop = Number.NaN;
    }
    if (Number.isNaN(order.limit)) return bar.open;
    return (buys ? bar.open <= order.limit : bar.open >= order.limit) ? bar.open : never;
  }
  if (session === 'open') return never;
  if (moment === 'stops') {
    if (!sleeps(order) || (buys ? bar.high < order.stop : bar.low > order.stop)) return never;
    const stop = order.stop;
    order.stop = Number.NaN;
    if (Number.isNaN(order.limit)) return stop;
    if (buys ? order.limit >= stop : order.limit <= stop) return stop;
    order.touchedIn = bar.index;
    return never;
  }
  if (moment === 'limits') {
    if (sleeps(order) || Number.isNaN(order.limit) || order.touchedIn === bar.index) return never;
    return (buys ? bar.low <= order.limit : bar.high >= order.limit) ? order.limit : never;
  }
  return never;
}

/**
 * The same in one look at the whole bar, as the compatibility mode's queue does it: a market order fills at `market`, a
 * stop-limit that is passed at min(stop, limit) for a buyer, wherever the open was.
 */
export function priceInQueue(order: WorkingOrder, bar: PriceBar, market: number): number {
  const buys = order.size > 0;
  const stop = order.stop;
  const stopHit = sleeps(order);
  if (stopHit) {
    if (buys ? bar.high < stop : bar.low > stop) return never;
    order.stop = Number.NaN;
  }
  const { limit } = order;
  if (Number.isNaN(limit)) {
    if (!stopHit) return market;
    return buys ? Math.max(market, stop) : Math.min(market, stop);
  }
  if (buys ? bar.low > limit : bar.high < limit) return never;
  if (stopHit && (buys ? limit <= stop : limit >= stop)) return never;
  const from = stopHit ? stop : bar.open;
  return buys ? Math.min(from, limit) : Math.max(from, limit);
}

function sleeps(order: WorkingOrder): boolean {
  return !Number.isNaN(order.stop);
}
