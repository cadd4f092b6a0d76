import type { RunDocument } from '../engine/index.ts';
import {
  absent,
  evidenceSentences,
  gapSentence,
  glossary,
  modelCostSentence,
  resultRows,
  tradingCostSentence,
} from '../wording/index.ts';
import { type Html, html, prose } from './html.ts';
import { section } from './section.ts';

/** What it cost, and what the baselines are. */
export function costsBlock(document: RunDocument): Html {
  const body = html`<ul class="say"><li>${prose(tradingCostSentence(document))}</li><li>Models: ${modelCostSentence(document)}.</li><li>${gapSentence}</li><li><b>hold</b> (dashed): all the capital into the same instruments at the first bar, same costs, then nothing.</li><li><b>matched</b> (dotted): the market’s return with only as much money in it as this desk had there on average.</li><li><b>vote</b>: the same analysts, their votes counted instead of judged by a chief.</li>${evidenceSentences(document).map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>`;
  return section(
    'costs',
    'Costs and yardsticks',
    'Costs are on in every figure here. The yardsticks say what doing next to nothing would have brought.',
    body,
  );
}

export function metricsBlock(document: RunDocument): Html {
  const rows = resultRows(document).map(
    (row) =>
      html`<tr><th>${row.label}<small>${row.meaning}</small></th><td>${row.run}${row.reason === null ? null : html`<small>${row.reason}</small>`}</td><td>${row.hold ?? ''}</td><td>${row.matched ?? ''}</td><td>${row.vote ?? ''}</td></tr>`,
  );
  const body = html`<table class="metrics"><thead><tr><th></th><th>this run</th><th>hold</th><th>matched</th><th>vote</th></tr></thead><tbody>${rows}</tbody></table>`;
  const how = `Computed from daily returns, a year being ${document.metrics.periodsPerYear} of them. “${absent}” means that a figure is not defined, with the reason.`;
  return section('metrics', 'Figures', how, body);
}

export function glossaryBlock(): Html {
  const words = glossary.map(({ word, meaning }) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`);
  const how =
    'An orrery is a clockwork model of the sun, its planets and their moons. Here they are agents: moons calculate, planets advise, the sun decides.';
  return section('words', 'Words', how, html`<dl class="words">${words}</dl>`);
}
