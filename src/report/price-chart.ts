import { type CandleSeries, timeframeOf } from '../core/index.ts';
import { axisLabel, counted, period, price, stamp } from '../wording/index.ts';
import { candlesDrawing, mergeCandles } from './candles-drawing.ts';
import { chartFrame, dataTable, type Pane } from './chart-frame.ts';
import { clip, type Html, html, markup } from './html.ts';
import { numberTrades } from './numbered-trades.ts';
import type { ReportData } from './report-data.ts';
import { createTimeAxis, type TimeAxis } from './time-axis.ts';
import { type MarkedTrades, tooManyToMark, tradeCounts, tradeLines, tradeMarkers } from './trade-markers.ts';
import { createLogAxis, createValueAxis, extent, spreadsFar } from './value-axis.ts';

/** As many candles as stay wider than two pixels on a desktop, and on a phone. */
const mostWide = 240;
const mostNarrow = 64;
/** When a candle stands for this many bars, the last stretch is drawn again bar by bar. */
const zoomFromBars = 4;
const zoomBars = 160;

/** Price of one instrument with what the desk did, over the time of the whole run. */
export function priceChart(data: ReportData, series: CandleSeries, time: TimeAxis): Html {
  const marked = markedTrades(data, series.symbol);
  const crowded = tooManyToMark(marked.trades);
  const panes = [pricePane(series, marked, time, !crowded, 'whole')];
  if (crowded) panes.push(tradeCounts(marked, time));
  const id = `price-${data.candles.indexOf(series)}`;
  const whole = chartFrame(id, time, panes, candleTable(series));
  return Math.ceil(series.length / mostWide) < zoomFromBars
    ? whole
    : html`${whole}${lastStretch(`${id}-end`, series, marked)}`;
}

function markedTrades(data: ReportData, symbol: string): MarkedTrades {
  const orders = data.orders.filter((order) => order.instrument === symbol);
  return {
    trades: numberTrades(data.trades).filter(({ trade }) => trade.instrument === symbol),
    positions: data.positions.filter((position) => position.instrument === symbol),
    orders,
    stops: new Map(orders.flatMap((order) => (order.stop === null ? [] : [[order.id, order.stop] as const]))),
  };
}

function pricePane(
  series: CandleSeries,
  marked: MarkedTrades,
  time: TimeAxis,
  withTrades: boolean,
  part: 'whole' | 'end',
): Pane {
  const range = extent(series.high, series.low) ?? { low: 0, high: 1 };
  const far = spreadsFar(range);
  const values = far ? createLogAxis(range, axisLabel) : createValueAxis(range, axisLabel, { ticks: 5 });
  const wide = mergeCandles(series, mostWide);
  const narrow = mergeCandles(series, mostNarrow);
  const from = series.openTime[0]!;
  const to = series.openTime[series.length - 1]! + series.intervalMs;
  const bars = wide[0]!.to - wide[0]!.from;
  const each =
    bars === 1
      ? `one candle is one bar (${timeframeOf(series.intervalMs)})`
      : `one candle is ${bars} bars (${timeframeOf(series.intervalMs)} each)`;
  const symbol = clip(series.symbol, 40);
  const name = part === 'whole' ? symbol : `${symbol}, the last ${counted(series.length, 'bar')}`;
  return {
    caption: html`<b>${name}</b> <span>${period(from, to)} · <span class="wide">${each}</span><span class="narrow">drawn with ${narrow.length} candles</span>${far ? ' · log scale' : null}</span>`,
    title: `Price of ${name} from ${price(series.open[0]!)} to ${price(series.close[series.length - 1]!)}, ${counted(marked.trades.length, 'closed trade')}`,
    heightPx: 320,
    values,
    drawing: html`${candlesDrawing(series, wide, time, values, 'wide')}${candlesDrawing(series, narrow, time, values, 'narrow')}${withTrades ? tradeLines(marked, time, values) : null}`,
    overlay: withTrades ? tradeMarkers(marked, series, time, values, part === 'whole') : markup(''),
    ends: [
      {
        name: 'last',
        value: price(series.close[series.length - 1]!),
        position: values.position(series.close[series.length - 1]!),
        look: 'own',
      },
    ],
  };
}

/** The end of the run bar by bar, with the trades that were alive then. */
function lastStretch(id: string, series: CandleSeries, marked: MarkedTrades): Html {
  const cut = series.length - zoomBars;
  const part = sliceSeries(series, cut);
  const from = part.openTime[0]!;
  const time = createTimeAxis(part.openTime.map((open) => open + part.intervalMs));
  const alive = {
    ...marked,
    trades: marked.trades.filter(({ trade }) => trade.openedAt >= from),
    positions: marked.positions.filter((position) => position.openedAt >= from),
    orders: marked.orders.filter((order) => order.at >= from),
  };
  return chartFrame(id, time, [pricePane(part, alive, time, true, 'end')], candleTable(part));
}

function sliceSeries(series: CandleSeries, from: number): CandleSeries {
  return {
    ...series,
    length: series.length - from,
    openTime: series.openTime.subarray(from),
    open: series.open.subarray(from),
    high: series.high.subarray(from),
    low: series.low.subarray(from),
    close: series.close.subarray(from),
    volume: series.volume.subarray(from),
  };
}

function candleTable(series: CandleSeries): Html {
  const rows = mergeCandles(series, 12).map((candle) => [
    stamp(series.openTime[candle.from]!),
    price(candle.open),
    price(candle.high),
    price(candle.low),
    price(candle.close),
  ]);
  return dataTable(['UTC, bar open', 'open', 'high', 'low', 'close'], rows);
}
