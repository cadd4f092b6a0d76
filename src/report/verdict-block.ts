import type { RunDocument } from '../engine/index.ts';
import {
  count,
  counted,
  decidedBySentence,
  drawdown,
  fewDays,
  holdSentence,
  luckSentence,
  percent,
  percentChange,
  ratio,
  returnSentence,
  sourceMeanings,
  sources,
} from '../wording/index.ts';
import { capitalOf, worstFall } from './equity-chart.ts';
import { clip, type Html, html, markup, prose } from './html.ts';
import type { ReportData } from './report-data.ts';

/** The answer first: what it returned, against what, whether that means anything, and who decided. */
export function verdictBlock(data: ReportData): Html {
  return html`<section id="verdict">${data.document === null ? runningHeadline(data) : finishedHeadline(data)}${notes(data.document?.notes ?? [])}${whoDecided(data)}${numbers(data)}</section>`;
}

function finishedHeadline(data: ReportData): Html {
  const { metrics, baselines } = data.document!;
  return html`<h1><span>${prose(returnSentence(metrics.returnPct, data.synthetic))}</span> <span>${prose(holdSentence(baselines.buyAndHold.returnPct))}</span> <small>${prose(luckSentence(data.document!))}</small></h1>`;
}

const mostNotes = 12;

/** What makes the figures doubtful stands before them. */
function notes(all: readonly string[]): Html | null {
  if (all.length === 0) return null;
  const rest = all.length - mostNotes;
  return html`<ul class="notes">${all.slice(0, mostNotes).map((note) => html`<li>Note: ${clip(note, 300)}.</li>`)}${
    rest > 0 ? html`<li>and ${counted(rest, 'more note')}</li>` : null
  }</ul>`;
}

function runningHeadline(data: ReportData): Html {
  const { own, hold } = soFar(data);
  const { progress } = data;
  const latest = data.decisions[0]?.decision;
  const far = progress === null ? '' : ` ${count(progress.done)} of ${counted(progress.total, 'bar')}.`;
  const figures =
    own === null
      ? ''
      : ` So far ${percentChange(own)}${hold === null ? '' : `; holding ${percentChange(hold)}`}.`;
  const bar =
    progress === null || progress.total === 0
      ? null
      : html`<progress max="${progress.total}" value="${progress.done}"></progress>`;
  const where = data.synthetic ? ' on a synthetic market' : '';
  return html`<h1>${prose(`Running${where}:${far}${figures}`)} <small>${
    latest === undefined
      ? 'No decision yet.'
      : html`Latest: ${latest.action} ${clip(latest.instrument, 40)}: ${clip(latest.reasoning, 240)}`
  }</small></h1>${bar}`;
}

/** Return of the desk and of holding at the last known point, in per cent. */
function soFar(data: ReportData): { readonly own: number | null; readonly hold: number | null } {
  const start = capitalOf(data);
  const last = data.equity.length - 1;
  if (last < 0 || start <= 0) return { own: null, hold: null };
  const hold = data.baselines.find((curve) => curve.name === 'buy-and-hold')?.equity[last];
  const change = (value: number) => (value / start - 1) * 100;
  return { own: change(data.equity[last]!.equity), hold: hold === undefined ? null : change(hold) };
}

function whoDecided(data: ReportData): Html | null {
  const counts =
    data.document ?? (data.progress === null ? null : { ...data.progress, decisions: data.decisionCount });
  if (counts === null) return null;
  const total = sources.reduce((sum, source) => sum + counts.sources[source], 0);
  const parts = sources.filter((source) => counts.sources[source] > 0);
  const bar = parts.map((source) => {
    const width = ((counts.sources[source] / total) * 100).toFixed(2);
    return html`<span class="s-${source}" style="width:${width}%" title="${source}: ${sourceMeanings[source]}, ${count(counts.sources[source])} of ${count(total)}"></span>`;
  });
  const key = parts.map(
    (source) => html`<span><i class="s-${source}"></i><b>${source}</b> ${sourceMeanings[source]}</span>`,
  );
  return html`<p class="who">${decidedBySentence(counts)}</p><div class="bar" aria-hidden="true">${bar}</div><p class="key">${key}${
    counts.fellBack > 0 ? html`<span class="failed">✕ ${count(counts.fellBack)} fell back</span>` : null
  }</p>`;
}

function numbers(data: ReportData): Html {
  const { document } = data;
  const { own, hold } = soFar(data);
  const closed = document?.trades ?? data.trades.length;
  const refused = document?.refused ?? data.orders.filter((order) => order.status === 'refused').length;
  const openNow = data.positions.length;
  const tiles = [
    tile('return', percentChange(document?.metrics.returnPct ?? own), 'after all costs'),
    tile(
      'holding',
      percentChange(document?.baselines.buyAndHold.returnPct ?? hold),
      'buy at the first bar, wait',
    ),
    tile('max drawdown', drawdown(worstFall(data)), 'deepest fall from a high'),
    document === null
      ? tile('decisions', count(data.decisionCount), 'one at each bar close')
      : tile('sharpe', ratio(document.metrics.sharpe), sharpeNote(document)),
    tile('trades', count(closed), openNow === 0 ? 'closed, none open' : `closed, ${openNow} open`),
    document === null
      ? tile('refused', count(refused), 'orders the guard stopped')
      : tile('exposure', percent(document.metrics.exposurePct), 'of bars with a position'),
  ];
  return html`<dl class="tiles">${tiles}</dl>`;
}

function sharpeNote({ metrics, evidence }: RunDocument): string {
  if (metrics.sharpe === null) return 'not defined here';
  const few = fewDays(metrics);
  if (few !== null) return `a year; ${few}`;
  const interval = evidence?.sharpe ?? null;
  return interval === null ? 'a year' : `a year; 95 %: ${ratio(interval.low)} … ${ratio(interval.high)}`;
}

function tile(name: string, value: string, note: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="of">${note}</dd></div>`;
}

/** A small orrery: a sun with two planets on their rings. */
export const logo = markup(
  '<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><ellipse cx="16" cy="16" rx="14.5" ry="9"/><ellipse cx="16" cy="16" rx="8.5" ry="5.2"/><circle class="sun" cx="16" cy="16" r="3.2"/><circle class="planet" cx="28.6" cy="11.6" r="2"/><circle class="planet" cx="9.2" cy="19.1" r="1.5"/></svg>',
);
