import type { CandleSeries } from '../core/index.ts';
import { type Html, html } from './html.ts';
import { chartX, chartY } from './line-path.ts';
import type { TimeAxis } from './time-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** One or several neighbouring bars as one candle, so that highs and lows survive where pixels are few. */
export interface MergedCandle {
  /** Indices in the series, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** At most `most` candles of equally many bars each (the last may have fewer). */
export function mergeCandles(series: CandleSeries, most: number): readonly MergedCandle[] {
  const size = Math.max(1, Math.ceil(series.length / most));
  const merged: MergedCandle[] = [];
  for (let from = 0; from < series.length; from += size) {
    const to = Math.min(series.length, from + size);
    let high = Number.NEGATIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    for (let index = from; index < to; index++) {
      high = Math.max(high, series.high[index]!);
      low = Math.min(low, series.low[index]!);
    }
    merged.push({ from, to, open: series.open[from]!, high, low, close: series.close[to - 1]! });
  }
  return merged;
}

/** Rising candles hollow, falling ones filled, so that direction can be read without colour. */
export function candlesDrawing(
  series: CandleSeries,
  merged: readonly MergedCandle[],
  time: TimeAxis,
  values: ValueAxis,
  look: 'wide' | 'narrow',
): Html {
  const paths = { wick: '', up: '', down: '' };
  const half = 0.5 / time.length;
  for (const candle of merged) {
    const left = time.position(series.openTime[candle.from]! + series.intervalMs) - half;
    const right = time.position(series.openTime[candle.to - 1]! + series.intervalMs) + half;
    const margin = (right - left) * 0.18;
    const x0 = chartX(left + margin);
    const x1 = Math.max(x0 + 1, chartX(right - margin));
    const middle = chartX((left + right) / 2);
    const top = chartY(values.position(Math.max(candle.open, candle.close)));
    const bottom = Math.max(top + 1, chartY(values.position(Math.min(candle.open, candle.close))));
    paths.wick += `M${middle} ${chartY(values.position(candle.high))}V${top}M${middle} ${bottom}V${chartY(values.position(candle.low))}`;
    paths[candle.close >= candle.open ? 'up' : 'down'] += `M${x0} ${top}H${x1}V${bottom}H${x0}Z`;
  }
  return html`<g class="${look}"><path class="wick" d="${paths.wick}"/><path class="up" d="${paths.up}"/><path class="down" d="${paths.down}"/></g>`;
}
