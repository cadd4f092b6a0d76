import type { CandleSeries } from '../src/core/index.ts';
import { createRandom } from '../src/core/index.ts';

/** A random walk in minute bars, two decimals, from one seed: prices as a file of them has them. */
export function minuteCandles(length: number): CandleSeries {
  const random = createRandom(7);
  const column = () => new Float64Array(length);
  const series = {
    symbol: 'SYN',
    intervalMs: 60_000,
    length,
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 100;
  for (let i = 0; i < length; i++) {
    const move = (random() + random() + random() - 1.5) * 0.1;
    const close = Math.max(1, Math.round((price + move) * 100) / 100);
    series.openTime[i] = Date.UTC(2020, 0, 1) + i * 60_000;
    series.open[i] = price;
    series.high[i] = Math.max(price, close) + 0.01;
    series.low[i] = Math.min(price, close) - 0.01;
    series.close[i] = close;
    series.volume[i] = 1_000;
    price = close;
  }
  return series;
}
