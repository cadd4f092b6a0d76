import type { CandleSeries, CorporateAction } from '../core/index.ts';

/**
 * The series with prices as an owner of one unit at its first bar would have seen them, that bar's prices being the raw
 * ones: from a split on prices are multiplied by its ratio and the volume divided; from a dividend on prices grow by
 * 1 / (1 − amount / raw close of the last bar before it). Open to close, bar to bar, changes are then those of an owner.
 *
 * A value rests on the actions up to its own bar only: nothing that is computed from it knows the future. Levels are not
 * those of the market; orders, stops and prompts need raw prices.
 */
export function adjusted(series: CandleSeries, actions: readonly CorporateAction[]): CandleSeries {
  const { length, openTime } = series;
  const oldestFirst = [...actions].sort((a, b) => a.at - b.at);
  const open = series.open.slice();
  const high = series.high.slice();
  const low = series.low.slice();
  const close = series.close.slice();
  const volume = series.volume.slice();
  let factor = 1;
  let units = 1;
  let next = 0;
  for (let index = 0; index < length; index++) {
    for (; next < oldestFirst.length && oldestFirst[next]!.at <= openTime[index]!; next++) {
      const action = oldestFirst[next]!;
      if (index === 0) continue;
      if (action.kind === 'split') {
        factor *= action.ratio;
        units *= action.ratio;
      } else factor /= Math.max(1e-6, 1 - action.amount / series.close[index - 1]!);
    }
    for (const column of [open, high, low, close]) column[index]! *= factor;
    volume[index]! /= units;
  }
  return { ...series, open, high, low, close, volume };
}
