import { type CandleSeries, createNormal, createRandom } from '../core/index.ts';

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
 * A copy whose bars from `cut` on are well-formed and invented: every price far above the last one that is kept, up to
 * eight times, or with `towards` −1 far below. The seed makes them the same every time.
 */
export function withOtherFuture(series: CandleSeries, cut: number, towards: 1 | -1): CandleSeries {
  const other = stretchOf(series, 0, series.length);
  const random = createRandom(cut + 1);
  const last = series.close[Math.max(cut - 1, 0)]!;
  const away = () => (2 + 6 * random()) ** towards;
  let open = last;
  for (let bar = cut; bar < other.length; bar++) {
    const close = last * away();
    setBar(other, bar, open, close, 1 + random() / 50);
    other.volume[bar] = (series.volume[bar]! + 1) * away();
    open = close;
  }
  return other;
}

/** A copy with the same times and none of the prices: a walk whose steps are as large as those of the series. */
export function withOtherPrices(series: CandleSeries, seed: number): CandleSeries {
  const other = stretchOf(series, 0, series.length);
  const random = createRandom(seed);
  const normal = createNormal(random);
  const step = usualStep(series);
  const volume = series.volume.reduce((sum, value) => sum + value, 0) / series.length;
  let open = series.open[0]!;
  for (let bar = 0; bar < other.length; bar++) {
    const close = open * Math.exp(step * normal());
    setBar(other, bar, open, close, 1 + (step * random()) / 2);
    other.volume[bar] = 2 * volume * random();
    open = close;
  }
  return other;
}

function setBar(
  { open, high, low, close }: CandleSeries,
  bar: number,
  from: number,
  to: number,
  reach: number,
) {
  open[bar] = from;
  close[bar] = to;
  high[bar] = Math.max(from, to) * reach;
  low[bar] = Math.min(from, to) / reach;
}

/** Mean size of a close's change, as a share of it; at least something, at most a tenth. */
function usualStep({ close, length }: CandleSeries): number {
  let sum = 0;
  for (let bar = 1; bar < length; bar++) sum += Math.abs(Math.log(close[bar]! / close[bar - 1]!));
  return Math.min(0.1, Math.max(1e-5, sum / Math.max(1, length - 1)));
}

/**
 * Overwrites candles that nobody may read any more. A strategy that keeps them beyond its run then differs from one that
 * does not.
 */
export function strikeOut({ open, high, low, close, volume }: CandleSeries): void {
  for (const column of [open, high, low, close, volume]) column.fill(Number.NaN);
}

/** Ways of not knowing bars from a cut on. Up and down: whichever way a look ahead decides, one of them decides otherwise. */
export const unknownFutures: readonly {
  /** What is said of those bars. */
  readonly words: string;
  readonly behind: (series: CandleSeries, cut: number) => CandleSeries;
}[] = [
  { words: 'is absent', behind: (series, cut) => stretchOf(series, 0, cut) },
  { words: 'is far higher', behind: (series, cut) => withOtherFuture(series, cut, 1) },
  { words: 'is far lower', behind: (series, cut) => withOtherFuture(series, cut, -1) },
];

/**
 * Where to cut: bars before a cut are known. So many cuts are spread over bars `first` to `end` (exclusive), and
 * `behindOrders` stand right behind orders, where a look at the very next bar would show. Each leaves a known bar and an
 * unknown one.
 */
export function chooseCuts(
  count: number,
  first: number,
  end: number,
  orderBars: readonly number[],
  behindOrders: number = count,
): readonly number[] {
  const [least, most] = [first + 1, end - 1];
  if (most < least) return [];
  const spread = evenly(count, most - least + 1).map((step) => least + step);
  const bars = [...new Set(orderBars)];
  const behind = evenly(behindOrders, bars.length).map((at) => bars[at]! + 1);
  const cuts = [...spread, ...behind].filter((cut) => cut >= least && cut <= most);
  return [...new Set(cuts)].sort((a, b) => a - b);
}

/** At most `count` of the numbers 0 … `available` − 1, with the same distances, the first and the last among them. */
export function evenly(count: number, available: number): readonly number[] {
  if (available <= count) return Array.from({ length: available }, (_, place) => place);
  return Array.from({ length: count }, (_, place) => Math.round((place * (available - 1)) / (count - 1)));
}
