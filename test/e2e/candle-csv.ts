import { createNormal, createRandom } from '../../src/core/index.ts';

/** One row of a file of candles. */
export interface CandleRow {
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface Walk {
  readonly seed: number;
  readonly bars: number;
  /** Open of the first bar. */
  readonly start?: string;
  readonly intervalMs?: number;
  /** Standard deviation of a bar's change, in per cent. */
  readonly volatilityPct?: number;
}

const hourMs = 3_600_000;

/** A seeded random walk around 100 whose drift turns every 60 bars, so that desks trade on both sides. Two decimals. */
export function walkingCandles({
  seed,
  bars,
  start,
  intervalMs = hourMs,
  volatilityPct = 0.8,
}: Walk): CandleRow[] {
  const normal = createNormal(createRandom(seed));
  const first = Date.parse(start ?? '2024-01-01T00:00:00Z');
  const cents = (price: number) => Math.round(price * 100) / 100;
  let open = 100;
  return Array.from({ length: bars }, (_, index) => {
    const driftPct = Math.floor(index / 60) % 2 === 0 ? 0.15 : -0.15;
    const close = cents(Math.max(5, open * (1 + (driftPct + volatilityPct * normal()) / 100)));
    const reach = 1 + Math.abs(normal()) * 0.002;
    const row = {
      time: new Date(first + index * intervalMs).toISOString(),
      open,
      high: cents(Math.max(open, close) * reach),
      low: cents(Math.min(open, close) / reach),
      close,
      volume: cents(50 + 10 * Math.abs(normal())),
    };
    open = close;
    return row;
  });
}

export function candleCsv(rows: readonly CandleRow[]): string {
  const lines = rows.map(({ time, open, high, low, close, volume }) =>
    [time, open, high, low, close, volume].join(','),
  );
  return ['timestamp,open,high,low,close,volume', ...lines, ''].join('\n');
}

/** The rows of a file with the columns DateTime, Open, High, Low, Close, Volume; times without zone are UTC. */
export function readCandleCsv(csv: string): CandleRow[] {
  const [, ...lines] = csv.trim().split('\n');
  return lines.map((line) => {
    const [time = '', ...numbers] = line.split(',');
    const [open = 0, high = 0, low = 0, close = 0, volume = 0] = numbers.map(Number);
    const zoned = /(?:Z|\+00:00)$/.test(time) ? time : `${time}Z`;
    return { time: new Date(zoned.replace(' ', 'T')).toISOString(), open, high, low, close, volume };
  });
}
