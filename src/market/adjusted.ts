import type { CandleSeries, CorporateAction } from '../core/index.ts';

/**
 * The series with prices as if every action up to its last bar had always been so, that bar's prices being the raw ones:
 * before a split prices are divided by its ratio and the volume multiplied; before a dividend prices shrink by
 * 1 − amount / raw close of the last bar before it. Open to close, bar to bar, changes are then those of an owner.
 *
 * What a level was is lost: that of an early bar depends on actions long after it. Only what does not change when all
 * prices are multiplied by one number (returns, oscillators, crossings) may be computed from them for a decision; orders,
 * stops and prompts need raw prices.
 */
export function adjusted(series: CandleSeries, actions: readonly CorporateAction[]): CandleSeries {
  const { length, openTime } = series;
  const latestFirst = [...actions].sort((a, b) => b.at - a.at);
  const price = {
    open: series.open.slice(),
    high: series.high.slice(),
    low: series.low.slice(),
    close: series.close.slice(),
  };
  const volume = series.volume.slice();
  let priceFactor = 1;
  let units = 1;
  let next = 0;
  for (let index = length - 1; index >= 0; index--) {
    for (; next < latestFirst.length && latestFirst[next]!.at > openTime[index]!; next++) {
      const action = latestFirst[next]!;
      const afterTheEnd = index === length - 1;
      if (afterTheEnd) continue;
      if (action.kind === 'dividend') priceFactor *= Math.max(0, 1 - action.amount / series.close[index]!);
      else {
        priceFactor /= action.ratio;
        units *= action.ratio;
      }
    }
    for (const column of [price.open, price.high, price.low, price.close]) column[index]! *= priceFactor;
    volume[index]! *= units;
  }
  return { ...series, ...price, volume };
}
