/** One bar's numbers; NaN where the file holds no number. */
export interface BarValues {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const barFields = ['open', 'high', 'low', 'close', 'volume'] as const;
type BarField = (typeof barFields)[number];

export interface BarFault {
  readonly kind: 'not-a-number' | 'negative' | 'high-below-low';
  /** The values to show. */
  readonly fields: readonly BarField[];
  readonly why: string;
}

/**
 * Adjusting for splits and dividends multiplies by rounded factors, which can move a close above its high by the last
 * digits of a double (1e-15, relative) or of a price written with ten digits; a step of any market is far larger. The
 * Yahoo and Binance files this was measured on have no such excess at all.
 */
const roundingTolerance = 1e-9;

/**
 * No market reaches either end: the smallest unit of most tokens is 1e-18 of one, and shares whose price is adjusted
 * for a dozen reverse splits stand at 1e13. Between them no product of a price and a quantity overflows.
 */
const leastPrice = 1e-18;
const mostPrice = 1e18;
/** A day of the busiest token's smallest units; sums of it over any stretch still fit. */
const mostVolume = 1e40;

/** A bar that {@link findBarFaults} has nothing to say about: the quick test that nearly every row passes. */
export function isSoundBar(open: number, high: number, low: number, close: number, volume: number): boolean {
  const slack = high * roundingTolerance;
  return (
    // NaN makes any of these false.
    low >= leastPrice &&
    open >= leastPrice &&
    close >= leastPrice &&
    high <= mostPrice &&
    volume >= 0 &&
    volume <= mostVolume &&
    high >= low &&
    high + slack >= open &&
    high + slack >= close &&
    low - slack <= open &&
    low - slack <= close
  );
}

/** What is wrong with a bar, at most one fault of a kind. Prices must be above 0, the volume at least 0. */
export function findBarFaults(bar: BarValues): BarFault[] {
  const faults: BarFault[] = [];
  const unreadable = barFields.filter((field) => !Number.isFinite(bar[field]));
  if (unreadable.length > 0) faults.push({ kind: 'not-a-number', fields: unreadable, why: 'not a number' });
  const absurd = barFields.filter((field) =>
    field === 'volume' ? bar[field] > mostVolume : isAbsurd(bar[field]),
  );
  if (unreadable.length === 0 && absurd.length > 0) {
    const why = 'a price must lie between 1e-18 and 1e18, a volume under 1e40';
    faults.push({ kind: 'not-a-number', fields: absurd, why });
  }
  const negative = barFields.filter((field) => (field === 'volume' ? bar[field] < 0 : bar[field] <= 0));
  if (negative.length > 0) {
    faults.push({ kind: 'negative', fields: negative, why: 'prices must be above 0, volume at least 0' });
  }
  const slack = Math.abs(bar.high) * roundingTolerance;
  const tooHigh = bar.high < bar.low || bar.high + slack < Math.max(bar.open, bar.close);
  const tooLow = bar.low - slack > Math.min(bar.open, bar.close);
  if (tooHigh || tooLow) {
    faults.push({
      kind: 'high-below-low',
      fields: ['open', 'high', 'low', 'close'],
      why: 'high must be the highest and low the lowest of the four',
    });
  }
  return faults;
}

/** A number like any other, but none that a price can have and be computed with; 0 and less are another fault. */
function isAbsurd(price: number): boolean {
  return price > mostPrice || (price > 0 && price < leastPrice);
}
