import { type CandleSeries, createRandom, type Random } from '../core/index.ts';

/**
 * A copy of bars `from` (inclusive) to `to` (exclusive). Copied rather than shared, so that nothing leads from a stretch
 * to the bars around it.
 */
export function stretchOf(series: CandleSeries, from: number, to: number): CandleSeries {
  const { symbol, intervalMs, openTime, open, high, low, close, volume } = series;
  return {
    symbol,
    intervalMs,
    length: to - from,
    openTime: openTime.slice(from, to),
    open: open.slice(from, to),
    high: high.slice(from, to),
    low: low.slice(from, to),
    close: close.slice(from, to),
    volume: volume.slice(from, to),
  };
}

/**
 * A copy whose bars from `cut` on are well-formed and invented: prices up to eight times, or down to an eighth of, the
 * last one that is kept. The seed makes them the same every time.
 */
function withOtherFuture(series: CandleSeries, cut: number, seed: number): CandleSeries {
  const other = stretchOf(series, 0, series.length);
  const random = createRandom(seed);
  const last = series.close[Math.max(cut - 1, 0)]!;
  let open = last;
  for (let bar = cut; bar < other.length; bar++) {
    const close = last * anyFactor(random);
    const reach = 1 + random() / 50;
    other.open[bar] = open;
    other.close[bar] = close;
    other.high[bar] = Math.max(open, close) * reach;
    other.low[bar] = Math.min(open, close) / reach;
    other.volume[bar] = (series.volume[bar]! + 1) * anyFactor(random);
    open = close;
  }
  return other;
}

/**
 * Overwrites candles that nobody may read any more. A strategy that keeps them beyond its run then differs from one that
 * does not.
 */
export function strikeOut({ open, high, low, close, volume }: CandleSeries): void {
  for (const column of [open, high, low, close, volume]) column.fill(Number.NaN);
}

function anyFactor(random: Random): number {
  const factor = 1 + 7 * random();
  return random() < 0.5 ? factor : 1 / factor;
}

/** Two ways of not knowing bars from a cut on. */
export const unknownFutures: readonly {
  /** What is said of those bars. */
  readonly words: string;
  readonly behind: (series: CandleSeries, cut: number) => CandleSeries;
}[] = [
  { words: 'is absent', behind: (series, cut) => stretchOf(series, 0, cut) },
  { words: 'is another', behind: (series, cut) => withOtherFuture(series, cut, cut) },
];

/**
 * Where to cut: bars before a cut are known. So many cuts are spread over bars `first` to `end` (exclusive), and as many
 * stand right behind orders, where a look at the very next bar would show. Each leaves a known bar and an unknown one.
 */
export function chooseCuts(
  count: number,
  first: number,
  end: number,
  orderBars: readonly number[],
): readonly number[] {
  const [least, most] = [first + 1, end - 1];
  if (most < least) return [];
  const spread = evenly(count, most - least + 1).map((step) => least + step);
  const bars = [...new Set(orderBars)];
  const behindOrders = evenly(count, bars.length).map((at) => bars[at]! + 1);
  const cuts = [...spread, ...behindOrders].filter((cut) => cut >= least && cut <= most);
  return [...new Set(cuts)].sort((a, b) => a - b);
}

/** At most `count` of the numbers 0 … `available` − 1, with the same distances, the first and the last among them. */
export function evenly(count: number, available: number): readonly number[] {
  if (available <= count) return Array.from({ length: available }, (_, place) => place);
  return Array.from({ length: count }, (_, place) => Math.round((place * (available - 1)) / (count - 1)));
}
