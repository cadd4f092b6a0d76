import type { CandleSeries, EpochMs, OrderRecord, Position } from '../core/index.ts';
import { exitKind } from '../core/index.ts';
import { exitWord, moneyChange, price, quantity, utcTime } from '../wording/index.ts';
import { leftOf, type Pane, topOf } from './chart-frame.ts';
import { clip, type Html, html, markup } from './html.ts';
import { chartHeight, chartWidth, chartX, chartY } from './line-path.ts';
import type { NumberedTrade } from './numbered-trades.ts';
import type { TimeAxis } from './time-axis.ts';
import { createValueAxis, type ValueAxis } from './value-axis.ts';

/** What happened to one instrument, to be drawn over its candles. */
export interface MarkedTrades {
  readonly trades: readonly NumberedTrade[];
  readonly positions: readonly Position[];
  readonly orders: readonly OrderRecord[];
  /** Stop of the order that opened a trade, by order id. */
  readonly stops: ReadonlyMap<string, number>;
}

/** More would cover the candles: then columns count them instead. */
const mostTrades = 150;
const mostRefusals = 100;

export function tooManyToMark(trades: readonly unknown[]): boolean {
  return trades.length > mostTrades;
}

/** A fill has the time of its bar's open: the left edge of its slot. */
function fillPosition(time: TimeAxis, at: EpochMs): number {
  return Math.min(1, time.position(at) + 0.5 / time.length);
}

/** Lines from entry to exit, and the stop for as long as the trade lived. */
export function tradeLines(marked: MarkedTrades, time: TimeAxis, values: ValueAxis): Html {
  const paths = { LONG: '', SHORT: '' };
  let stops = '';
  const stopLine = (order: string, from: number, to: number) => {
    const stop = marked.stops.get(order);
    if (stop !== undefined) stops += `M${from} ${chartY(values.position(stop))}H${to}`;
  };
  for (const { trade } of marked.trades) {
    const from = chartX(fillPosition(time, trade.openedAt));
    const to = chartX(fillPosition(time, trade.closedAt));
    paths[trade.side] +=
      `M${from} ${chartY(values.position(trade.entry))}L${to} ${chartY(values.position(trade.exit))}`;
    stopLine(trade.openedBy, from, to);
  }
  for (const position of marked.positions) {
    stopLine(position.openedBy, chartX(fillPosition(time, position.openedAt)), chartWidth);
  }
  return html`<path class="stop" d="${stops}"/><path class="held long" d="${paths.LONG}"/><path class="held short" d="${paths.SHORT}"/>`;
}

/** Entries ▲ ▼, exits ● and refused orders ◇. With `anchors` each entry can be jumped to from the table of trades. */
export function tradeMarkers(
  marked: MarkedTrades,
  series: CandleSeries,
  time: TimeAxis,
  values: ValueAxis,
  anchors: boolean,
): Html {
  const place = (at: number, value: number) =>
    markup(`left:${leftOf(at)};top:${topOf(values.position(value))}`);
  const refused = marked.orders.filter((order) => order.status === 'refused').slice(-mostRefusals);
  return html`${refused.map((order) => {
    const close = closeAt(series, order.at);
    return close === null
      ? markup('')
      : html`<i class="mk no" style="${place(time.position(order.at), close)}" title="refused ${order.side} ${quantity(order.quantity)}, ${utcTime(order.at)}: ${clip(order.reason ?? '', 160)}">◇</i>`;
  })}${marked.trades.map(({ number, trade }) => {
    const entry = fillPosition(time, trade.openedAt);
    const exit = fillPosition(time, trade.closedAt);
    const long = trade.side === 'LONG';
    const id = anchors ? html` id="e${number}"` : null;
    return html`<a class="mk out" href="#t${number}" style="${place(exit, trade.exit)}" title="#${number} ${exitWord(exitKind(trade.closedBy))} at ${price(trade.exit)}, ${utcTime(trade.closedAt)}, ${moneyChange(trade.pnl)}">●</a><a class="mk ${long ? 'long' : 'short'}"${id} href="#t${number}" style="${place(entry, trade.entry)}" title="#${number} ${trade.side} ${quantity(trade.quantity)} at ${price(trade.entry)}, ${utcTime(trade.openedAt)}">${long ? '▲' : '▼'}</a>`;
  })}${marked.positions.map((position) => {
    const long = position.quantity > 0;
    return html`<i class="mk ${long ? 'long' : 'short'}" style="${place(fillPosition(time, position.openedAt), position.entry)}" title="still open: ${quantity(Math.abs(position.quantity))} at ${price(position.entry)}, ${utcTime(position.openedAt)}">${long ? '▲' : '▼'}</i>`;
  })}`;
}

function closeAt(series: CandleSeries, at: EpochMs): number | null {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (series.openTime[middle]! + series.intervalMs < at) low = middle + 1;
    else high = middle;
  }
  return series.close[low] ?? null;
}

const columns = 100;

/** How many trades were opened in each hundredth of the chart, where they are too many to mark one by one. */
export function tradeCounts(marked: MarkedTrades, time: TimeAxis): Pane {
  const counts = new Array<number>(columns).fill(0);
  for (const { trade } of marked.trades) {
    const column = Math.min(columns - 1, Math.floor(fillPosition(time, trade.openedAt) * columns));
    counts[column] = counts[column]! + 1;
  }
  const most = Math.max(...counts);
  const values = createValueAxis({ low: 0, high: most }, (value) => String(value), {
    ticks: 1,
    pinHigh: true,
  });
  const width = chartWidth / columns;
  const bars = counts.map((amount, column) => {
    const top = chartY(values.position(amount));
    return amount === 0 ? '' : `M${column * width} ${top}h${width * 0.8}V${chartHeight}h-${width * 0.8}Z`;
  });
  return {
    caption: html`Trades opened <span>too many to mark one by one: up to ${most} in one column</span>`,
    title: `Number of trades opened over time, up to ${most} in one column`,
    heightPx: 48,
    values,
    drawing: html`<path class="fall" d="${bars.join('')}"/>`,
  };
}
