import type { CandleSeries } from '../src/core/index.ts';

interface Order {
  readonly size: number;
}

interface Trade {
  readonly size: number;
  readonly entry: number;
  readonly exit: number;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly pnl: number;
}

/**
 * The least that has the shape of an event-driven backtest: a callback per bar, a queue of orders that fill at the next
 * open, cash, equity and a list of trades. Averages of the close cross; one unit, always reversing.
 */
export function bareLoop(
  series: CandleSeries,
  fast: number,
  slow: number,
  commission: number,
): readonly Trade[] {
  const { open, close, length } = series;
  const quick = average(close, fast);
  const lazy = average(close, slow);
  const equity = new Float64Array(length);
  const trades: Trade[] = [];
  let queue: Order[] = [];
  let cash = 1_000_000;
  let size = 0;
  let entry = 0;
  let entryBar = 0;
  const next = (i: number) => {
    const now = quick[i]! - lazy[i]!;
    const before = quick[i - 1]! - lazy[i - 1]!;
    if (before < 0 && now > 0) queue.push({ size: size < 0 ? 2 : 1 });
    else if (before > 0 && now < 0) queue.push({ size: size > 0 ? -2 : -1 });
  };
  for (let i = slow; i < length; i++) {
    const price = open[i]!;
    if (queue.length > 0) {
      for (const order of queue) {
        if (size !== 0) {
          const fees = Math.abs(size) * (entry + price) * commission;
          trades.push({ size, entry, exit: price, entryBar, exitBar: i, pnl: size * (price - entry) - fees });
        }
        cash -= order.size * price + Math.abs(order.size) * price * commission;
        size += order.size;
        entry = price;
        entryBar = i;
      }
      queue = [];
    }
    equity[i] = cash + size * close[i]!;
    next(i);
  }
  return trades;
}

function average(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (i >= period) sum -= values[i - period]!;
    if (i >= period - 1) out[i] = sum / period;
  }
  return out;
}
