import { decisionsBlock } from './decisions-block.ts';
import { equityChart } from './equity-chart.ts';
import { clip, type Html, html, markup } from './html.ts';
import { liveScript, liveScriptHash } from './live-script.ts';
import { priceChart } from './price-chart.ts';
import type { ReportData } from './report-data.ts';
import { costsBlock, glossaryBlock, metricsBlock } from './result-blocks.ts';
import { runCard } from './run-card.ts';
import { section } from './section.ts';
import { style } from './style.ts';
import { createTimeAxis, type TimeAxis } from './time-axis.ts';
import { tradesBlock } from './trades-block.ts';
import { troubleBlock } from './trouble-block.ts';
import { logo, verdictBlock } from './verdict-block.ts';
import { withinBudget } from './within-budget.ts';

/** Every block has a bound of its own; together they stay under 1.5 MB whatever the run. */
const priceChartBytes = 600_000;

export interface RenderReportOptions {
  /** Served while the run goes on: the page fetches itself until the run is over. A file is never live. */
  readonly live: boolean;
}

/** The whole report as one HTML file that refers to nothing outside itself. */
export function renderReport(data: ReportData, options: RenderReportOptions): string {
  const live = options.live && data.document === null;
  const page = html`<!doctype html>
<html lang="en"${live ? markup(' data-live') : null}><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${markup(contentPolicy(live))}"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${clip(data.title, 120)}</title>${
    live ? markup('<noscript><meta http-equiv="refresh" content="5"></noscript>') : null
  }<style>${markup(style)}</style></head><body>${live ? markup('<p id="lost" role="status" hidden>No answer from Orrery: what you see is the last known state.</p>') : null}${pageHeader(data)}<main>${blocks(data)}</main><footer>Made by Orrery ${clip(data.version, 40)}. All times are UTC. Nothing here is advice to trade.</footer>${live ? html`<script>${markup(liveScript)}</script>` : null}</body></html>
`;
  return page.markup;
}

function contentPolicy(live: boolean): string {
  const script = live ? `; script-src '${liveScriptHash}'; connect-src 'self'` : '';
  return `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'${script}`;
}

function pageHeader(data: ReportData): Html {
  const links = [
    ['equity', 'Equity'],
    ['price', 'Price'],
    ['trades', 'Trades'],
    ['decisions', 'Decisions'],
    ['trouble', 'Trouble'],
    ...(data.document === null ? [] : [['metrics', 'Figures']]),
    ['words', 'Words'],
  ] as const;
  return html`<header>${logo}<b>Orrery</b><span>${clip(data.title, 120)}</span>${
    data.document === null ? html`<span class="badge now">RUNNING</span>` : null
  }<span class="badge">SIMULATED</span>${
    data.synthetic ? html`<span class="badge syn">SYNTHETIC MARKET</span>` : null
  }<nav>${links.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav></header>`;
}

function blocks(data: ReportData): Html {
  const time = createTimeAxis(data.equity.map((point) => point.at));
  const decisions = decisionsBlock(data);
  return html`${verdictBlock(data)}${runCard(data)}${data.document === null ? null : costsBlock(data.document)}${equityBlock(data, time)}${priceBlock(data, time)}${tradesBlock(data, decisions.numberByOrder)}${decisions.markup}${troubleBlock(data)}${data.document === null ? null : metricsBlock(data.document)}${glossaryBlock()}`;
}

function equityBlock(data: ReportData, time: TimeAxis): Html {
  const how =
    'Solid: this desk, after costs. Dashed: holding. Dotted: holding with only as much money in the market as the desk had there on average. Times are bar closes in UTC.';
  const body =
    data.equity.length < 2 ? html`<p class="empty">No bar has been played yet.</p>` : equityChart(data, time);
  return section('equity', 'Equity and drawdown', how, body);
}

function priceBlock(data: ReportData, time: TimeAxis): Html {
  const how = 'Where the desk went in and out. A hollow candle rose, a filled one fell. Times are in UTC.';
  const drawable = data.candles.filter((series) => series.length > 0);
  if (drawable.length === 0 || time.length === 0) {
    return section('price', 'Price and trades', how, html`<p class="empty">No candle yet.</p>`);
  }
  const charts = withinBudget(drawable, priceChartBytes, (series) => priceChart(data, series, time));
  const rest = drawable.length - charts.length;
  const legend = html`<p class="legend"><span><b class="long">▲</b>in, long</span><span><b class="short">▼</b>in, short</span><span><b>●</b>out</span><span><b>◇</b>order refused</span><span><b class="failed">┄</b>stop</span></p>`;
  const note =
    rest === 0
      ? null
      : html`<p class="note">${rest} more instruments are not drawn, to keep this file small.</p>`;
  return section(
    'price',
    'Price and trades',
    how,
    html`${legend}${charts.map((chart) => chart.markup)}${note}`,
  );
}
