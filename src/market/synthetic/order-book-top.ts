import { type CandleSeries, createRandom } from '../../core/index.ts';
import { tickSize } from './price-path.ts';

/** Best bid and ask of one instrument at the close of each bar; columns as long as its candles. */
export interface OrderBookTop {
  readonly symbol: string;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  /** Units. */
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
}

/**
 * The spread is 1 to 3 basis points, up to twice that after a wide bar, and at least one tick; the close lies
 * within it. The sizes are chance: they say nothing about the next bar.
 */
export function createOrderBookTop(seed: number, series: CandleSeries): OrderBookTop {
  const random = createRandom(seed);
  const column = () => new Float64Array(series.length);
  const book: OrderBookTop = {
    symbol: series.symbol,
    bid: column(),
    ask: column(),
    bidSize: column(),
    askSize: column(),
  };
  for (let bar = 0; bar < series.length; bar++) {
    const close = series.close[bar]!;
    const range = (series.high[bar]! - series.low[bar]!) / close;
    const spreadBps = (1 + 2 * random()) * (1 + Math.min(1, range * 20));
    const spreadTicks = Math.max(1, Math.round((close * spreadBps) / 10_000 / tickSize));
    const closeTicks = Math.round(close / tickSize);
    const bidTicks = Math.max(1, closeTicks - Math.floor(random() * (spreadTicks + 1)));
    book.bid[bar] = bidTicks / 100;
    book.ask[bar] = (bidTicks + spreadTicks) / 100;
    book.bidSize[bar] = bookSize(series.volume[bar]!, random());
    book.askSize[bar] = bookSize(series.volume[bar]!, random());
  }
  return book;
}

/** A hundredth of what the bar traded, give or take three quarters. */
function bookSize(volume: number, draw: number): number {
  return Math.max(0.01, Math.round(volume * (0.25 + 1.5 * draw)) / 100);
}
