import { type CandleSeries, dayMs, isoTime, OrreryError } from '../core/index.ts';
import type { FactorFile, ReferencePrice } from './factor-file.ts';

/** Closes of other venues or hours differ by less. */
const tolerance = 0.05;

/**
 * A factor file says what its prices were: on the days in question raw closes of its symbol are those.
 * @throws OrreryError `candles-invalid` when most of the closes are others, with the first line that differs
 */
export function refuseForeignFactors({ file, references }: FactorFile, series: CandleSeries): void {
  const compared = references.flatMap((reference) => {
    const close = closeOn(series, reference);
    return close === null ? [] : [{ ...reference, close }];
  });
  const others = compared.filter(({ price, close }) => Math.abs(close / price - 1) > tolerance);
  const [first] = others;
  if (first === undefined || others.length * 2 <= compared.length) return;
  const { line, date, price, close } = first;
  const days = `${others.length} of ${compared.length} days differ`;
  throw new OrreryError(
    'candles-invalid',
    `${file}, line ${line}: the price on ${isoTime(date).slice(0, 10)} is ${price} there, but ${series.symbol} closed at ${close}; ${days}`,
    { hint: `Give the factor file of ${series.symbol}, and candles that are not adjusted yet.` },
  );
}

/** Of the last bar that opens on that day; null where there is none. */
function closeOn({ openTime, close, length }: CandleSeries, { date }: ReferencePrice): number | null {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTime[middle]! < date + dayMs) low = middle + 1;
    else high = middle;
  }
  return low > 0 && openTime[low - 1]! >= date ? close[low - 1]! : null;
}
