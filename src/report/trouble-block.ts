import type { DecisionRecord, OrderRecord } from '../core/index.ts';
import { count, fellBackParts, gapSentence, missingReason } from '../wording/index.ts';
import { clip, type Html, html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { section } from './section.ts';

const mostLines = 12;

const howToRead =
  'What was not there, what failed, and what the limits stopped. None of it was counted as neutral. An empty list is said to be empty.';

/** Everything that went less than smoothly. */
export function troubleBlock(data: ReportData): Html {
  const counts = data.document ?? data.progress;
  const refused = data.orders.filter((order) => order.status === 'refused');
  const cut = data.orders.filter((order) => order.status !== 'refused' && order.reason !== null);
  const body = html`<div class="trouble">${list('Alerts', alertLines(data.alerts), 'No alert was raised.')}${list(
    'Failed',
    counts === null ? [] : fellBackParts(counts).map((part) => html`Of the decisions ${part}`),
    'No decision had to fall back.',
  )}${list('Refused by guard or broker', reasonLines(refused), 'No order was refused.')}${list(
    'Cut by the guard',
    reasonLines(cut),
    'No order was made smaller.',
  )}${list('Missing', missingLines(data), 'Nothing was missing in the decisions shown.')}</div><p class="note">${gapSentence}</p>`;
  return section('trouble', 'Missing, failed, refused', howToRead, body);
}

function list(name: string, lines: readonly Html[], none: string): Html {
  const rest = lines.length - mostLines;
  return html`<div><h3>${name}</h3>${
    lines.length === 0
      ? html`<p class="empty">${none}</p>`
      : html`<ul>${lines.slice(0, mostLines).map((line) => html`<li>${line}</li>`)}${rest > 0 ? html`<li>and ${rest} more kinds</li>` : null}</ul>`
  }</div>`;
}

function alertLines(alerts: readonly string[]): readonly Html[] {
  return tally(alerts).map(
    ([text, times]) =>
      html`<span class="failed">✕</span> ${clip(text, 300)}${times === 1 ? null : html` <i>× ${count(times)}</i>`}`,
  );
}

/** Reasons that differ only in their numbers are one kind; the newest speaks for it. */
function reasonLines(orders: readonly OrderRecord[]): readonly Html[] {
  const newest = new Map<string, string>();
  for (const { reason } of orders) newest.set(kindOf(reason), reason ?? 'no reason kept');
  return tally(orders.map(({ reason }) => kindOf(reason))).map(
    ([kind, times]) =>
      html`<b>${count(times)} ×</b> ${times === 1 ? '' : 'such as: '}${clip(newest.get(kind) ?? kind, 240)}`,
  );
}

function kindOf(reason: string | null): string {
  return clip(reason ?? '', 300).replace(/[\d.,]+/g, '#');
}

function missingLines(data: ReportData): readonly Html[] {
  const records = data.decisions.flatMap(({ decision, voices }): readonly DecisionRecord[] => [
    decision,
    ...voices,
  ]);
  const shown = data.decisions.length < data.decisionCount ? ' in the decisions kept for this page' : '';
  const lines = records.flatMap((record) =>
    record.missing.map((missing) => `${missing.name}: ${missingReason(missing.reason)} (${record.agent})`),
  );
  return tally(lines).map(([text, times]) => html`${clip(text, 200)} <i>× ${count(times)}${shown}</i>`);
}

/** Distinct texts with how often they occur, most frequent first. */
function tally(texts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
