import { exitKind, type Trade } from '../core/index.ts';
import {
  count,
  counted,
  duration,
  exitWord,
  money,
  moneyChange,
  percentChange,
  price,
  quantity,
  stamp,
  utcTime,
} from '../wording/index.ts';
import { runName } from './decisions-block.ts';
import { clip, type Html, html } from './html.ts';
import { type NumberedTrade, numberTrades } from './numbered-trades.ts';
import type { ReportData } from './report-data.ts';
import { section } from './section.ts';
import { tooManyToMark } from './trade-markers.ts';
import { withinBudget } from './within-budget.ts';

const bytes = 150_000;
const mostRows = 500;
/** Rows before the fold; the rest opens on demand. */
const openRows = 25;

const howToRead =
  'A trade is one round trip: in, and out again. Gain and loss are after the fees of both sides. The number leads to the chart, the time to the decision behind it.';

/** Closed trades, newest first; of very many the newest, with the best and the worst. */
export function tradesBlock(data: ReportData, decisions: ReadonlyMap<string, number>): Html {
  const all = [...numberTrades(data.trades)].reverse();
  const open = openPositions(data);
  if (all.length === 0) {
    const sentence = data.document === null ? 'No trade has been closed so far.' : 'No trade was closed.';
    return section('trades', 'Trades', howToRead, html`<p class="empty">${sentence}</p>${open}`);
  }
  const marked = markedInstruments(data);
  const kept = withinBudget(chosen(all), bytes, (trade) => row(trade, decisions, marked));
  const rows = [...kept].sort((a, b) => b.item.number - a.item.number).map((one) => one.markup);
  const rest = rows.slice(openRows);
  const body = html`${open}${table(rows.slice(0, openRows))}${
    rest.length === 0
      ? null
      : html`<details class="nums" id="older"><summary>${counted(rest.length, 'earlier trade')}</summary>${table(rest)}</details>`
  }${
    rows.length === all.length
      ? null
      : html`<p class="note">Shown: ${count(rows.length)} of ${counted(all.length, 'trade')}, the best, the worst and the newest. All of them: <code>orrery trades list --run ${runName(data)} --all</code></p>`
  }`;
  return section('trades', 'Trades', howToRead, body);
}

/** All of up to 500; otherwise 50 best, 50 worst, then the newest. */
function chosen(newestFirst: readonly NumberedTrade[]): readonly NumberedTrade[] {
  if (newestFirst.length <= mostRows) return newestFirst;
  const ranked = [...newestFirst].sort((a, b) => b.trade.pnl - a.trade.pnl);
  return [...new Set([...ranked.slice(0, 50), ...ranked.slice(-50), ...newestFirst])].slice(0, mostRows);
}

/** Instruments with so few trades that each has its own mark in the chart. */
function markedInstruments(data: ReportData): ReadonlySet<string> {
  const symbols = data.candles.map((series) => series.symbol);
  return new Set(
    symbols.filter((symbol) => !tooManyToMark(data.trades.filter((trade) => trade.instrument === symbol))),
  );
}

function openPositions(data: ReportData): Html | null {
  if (data.positions.length === 0) return null;
  const sentences = data.positions.slice(0, 20).map((position) => {
    const side =
      position.quantity > 0
        ? html`<span class="long">▲ LONG</span>`
        : html`<span class="short">▼ SHORT</span>`;
    const stop = position.stop === null ? '' : `, stop ${price(position.stop)}`;
    return html`<li>${side} ${quantity(Math.abs(position.quantity))} ${clip(position.instrument, 40)} since ${utcTime(position.openedAt)} at ${price(position.entry)}${stop}</li>`;
  });
  const verb =
    data.document === null ? 'Open now' : 'Still open at the end, valued at the last close and not sold';
  return html`<p class="lead">${verb}:</p><ul class="open">${sentences}</ul>`;
}

function table(rows: readonly Html[]): Html {
  return html`<table class="trades"><thead><tr><th>#</th><th>side</th><th class="r">quantity</th><th>opened, UTC</th><th class="r">entry</th><th>closed, UTC</th><th class="r">exit</th><th class="r">held</th><th class="r">gain</th><th class="r">%</th><th class="r">fees</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function row(
  { number, trade }: NumberedTrade,
  decisions: ReadonlyMap<string, number>,
  marked: ReadonlySet<string>,
): Html {
  const long = trade.side === 'LONG';
  return html`<tr id="t${number}"><td><a href="#${marked.has(trade.instrument) ? `e${number}` : 'price'}">${number}</a></td><td class="${long ? 'long' : 'short'}">${long ? '▲' : '▼'} ${trade.side} <i>${clip(trade.instrument, 40)}</i></td><td>${quantity(trade.quantity)}</td><td>${decisionLink(trade.openedBy, stamp(trade.openedAt), decisions)}</td><td>${price(trade.entry)}</td><td>${closing(trade, decisions)}</td><td>${price(trade.exit)}</td><td>${held(trade)}</td><td>${moneyChange(trade.pnl)}</td><td>${percentChange(trade.returnPct)}</td><td>${money(trade.fees)}</td></tr>`;
}

/** Stopped out in the bar of the entry: when exactly is not known. */
function held({ openedAt, closedAt }: Trade): string {
  return openedAt === closedAt ? '< 1 bar' : duration(closedAt - openedAt);
}

/** The decision that closed it, or why nobody decided that. */
function closing({ closedBy, closedAt }: Trade, decisions: ReadonlyMap<string, number>): Html {
  const by = exitKind(closedBy);
  if (by === 'decision') return decisionLink(closedBy, stamp(closedAt), decisions);
  return html`${stamp(closedAt)} <i>${exitWord(by)}</i>`;
}

function decisionLink(order: string, text: string, decisions: ReadonlyMap<string, number>): Html {
  const number = decisions.get(order);
  return number === undefined ? html`${text}` : html`<a href="#d${number}">${text}</a>`;
}
