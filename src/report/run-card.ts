import type { RunDocument } from '../engine/index.ts';
import { count, counted, duration, money, period } from '../wording/index.ts';
import { clip, type Html, html } from './html.ts';
import type { ReportData } from './report-data.ts';
import { section } from './section.ts';

const mostInstruments = 40;
const deskTextLimit = 16_000;

const howToRead = 'Everything needed to do this run again and get the same decisions, byte for byte.';

/** What was run, on which data, and how to repeat it. */
export function runCard(data: ReportData): Html {
  const { document } = data;
  const rows: (readonly [string, Html])[] = [];
  if (document !== null) rows.push(...documentRows(document));
  if (data.seed !== null) rows.push(['seed', html`${String(data.seed)}`]);
  rows.push(['version', html`Orrery ${clip(data.version, 40)}`]);
  if (document !== null) {
    rows.push(['hash of all decisions', html`<code>${clip(document.hash, 100)}</code>`]);
    rows.push(['do it again', html`<code>orrery run --replay ${clip(document.run, 80)}</code>`]);
  }
  const card = html`<dl class="card">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  const desk = html`<details class="nums" id="desk"><summary>The desk as it was written</summary><pre>${clip(data.deskText, deskTextLimit)}</pre></details>`;
  return section('run', 'This run', howToRead, html`${card}${data.deskText === '' ? null : desk}`);
}

function documentRows(document: RunDocument): readonly (readonly [string, Html])[] {
  const { equity, timings } = document;
  const span = period(Date.parse(document.from), Date.parse(document.to));
  const replay =
    document.replayOf === null ? null : html`, replay of <code>${clip(document.replayOf, 80)}</code>`;
  return [
    ['run', html`<code>${clip(document.run, 80)}</code>, desk ${clip(document.desk, 80)}${replay}`],
    ['period', html`${span} · ${counted(document.bars, 'bar')}, ${counted(document.metrics.days, 'day')}`],
    ['data', instrumentList(document)],
    [
      'account',
      html`from ${money(equity.start)} to ${money(equity.end)} = cash ${money(equity.cash)} + positions ${money(equity.positions)}; fees ${money(equity.fees)}`,
    ],
    [
      'orders',
      html`${counted(document.orders, 'order')}, ${count(document.refused)} refused, ${counted(document.fills, 'fill')}`,
    ],
    ['took', html`${duration(timings.loadMs + timings.runMs + timings.statsMs)}`],
  ];
}

function instrumentList(document: RunDocument): Html {
  const shown = document.instruments.slice(0, mostInstruments);
  const rest = document.instruments.length - shown.length;
  return html`<ul>${shown.map((instrument) => {
    const name = instrument.file === null ? 'synthetic' : baseName(instrument.file);
    const adjusted =
      instrument.adjusted === true ? ', adjusted' : instrument.adjusted === false ? ', not adjusted' : '';
    return html`<li>${clip(instrument.symbol, 40)} ${instrument.timeframe}, ${instrument.assetClass} in ${clip(instrument.currency, 12)}${adjusted} · ${clip(name, 120)} <code>${instrument.sha256}</code></li>`;
  })}${rest === 0 ? null : html`<li>and ${counted(rest, 'more instrument')}</li>`}</ul>`;
}

/** The report may be passed on: folders of the machine that made it stay out. */
function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
