import type { DecisionRecord, JsonValue } from '../core/index.ts';
import {
  absent,
  byWhom,
  callSentence,
  evidenceMark,
  evidenceValue,
  failureSentences,
  guardSentence,
  plainNumber,
  price,
  quantity,
  share,
  splitMissing,
  stanceDirection,
  stanceGlyph,
  utcTime,
  type Voice,
  weighVoices,
} from '../wording/index.ts';
import { clip, type Html, html } from './html.ts';
import type { ReportDecision } from './report-data.ts';

/** Longest texts shown; the journal has the whole. */
const reasoningLimit = 1_200;
const factorLimit = 300;
const inputLimit = 400;
const mostFactors = 10;
const mostVoices = 12;

/** What a decision rests on: who spoke for and against it, with which numbers, what was missing, what limits said. */
export function decisionDetails({ decision, voices }: ReportDecision): Html {
  const weighed = weighVoices(decision, voices);
  const guard = guardSentence(decision);
  return html`${factorList('Why', decision)}${voiceGroup('For', weighed.for)}${voiceGroup('Against', weighed.against)}${
    weighed.undecided.length === 0 ? null : voiceGroup('Undecided', weighed.undecided)
  }${missingLines([decision, ...voices])}${guard === null ? null : line('Guard', guard)}${inputsLine(decision)}<p class="id">${byWhom(
    decision,
  )} · coverage ${share(decision.coverage)} · <code>orrery decisions show ${clip(decision.id, 80)}</code></p>`;
}

function line(name: string, text: string): Html {
  return html`<div class="ln"><b>${name}</b><div>${clip(text, reasoningLimit)}</div></div>`;
}

function factorList(name: string, record: DecisionRecord): Html | null {
  if (record.keyFactors.length === 0) return null;
  return html`<div class="ln"><b>${name}</b><div>${factors(record)}</div></div>`;
}

/** Statements with the stored value of every number they cite; an id without a stored value is said to be one. */
function factors(record: DecisionRecord): Html | null {
  if (record.keyFactors.length === 0) return null;
  const agent = clip(record.agent, 60);
  const byId = new Map(record.evidence.map((evidence) => [evidence.id, evidence]));
  return html`<ul>${record.keyFactors.slice(0, mostFactors).map(
    (factor) =>
      html`<li>${clip(factor.text, factorLimit)}${factor.evidence.slice(0, mostFactors).map((id) => {
        const evidence = byId.get(id);
        return evidence === undefined
          ? html` <q>${evidenceMark(agent, clip(id, 40))} not stored</q>`
          : html` <q title="known since ${utcTime(evidence.knownAt)}">${clip(evidence.name, 80)} <b>${evidenceValue(evidence)}</b> ${evidenceMark(agent, evidence.id)}</q>`;
      })}</li>`,
  )}</ul>`;
}

function voiceGroup(name: string, voices: readonly Voice[]): Html {
  const shown = voices.slice(0, mostVoices);
  const rest = voices.length - shown.length;
  return html`<div class="ln"><b>${name}</b><div>${
    shown.length === 0 ? 'nobody' : shown.map(voiceMarkup)
  }${rest === 0 ? null : html`<p>and ${rest} more</p>`}</div></div>`;
}

function voiceMarkup(voice: Voice): Html {
  const { signal, proposal } = voice;
  const record = signal ?? proposal;
  if (record === null) return html``;
  const call = callSentence(record);
  return html`<div class="v"><p><b>${clip(voice.agent, 60)}</b> ${stanceMark(record)} ${share(record.confidence)} <small>${byWhom(record)}${
    call === null ? null : html` · ${call}`
  }</small></p><p>${clip(record.reasoning, reasoningLimit)}</p>${factors(record)}${
    proposal === null || proposal === record ? null : proposalMarkup(proposal)
  }${voice.verdicts.map(verdictMarkup)}${inputsLine(record)}</div>`;
}

function stanceMark(record: DecisionRecord): Html {
  return html`<span class="${stanceDirection(record.stance)}">${stanceGlyph(record.stance)} ${record.stance}</span>`;
}

function proposalMarkup(proposal: DecisionRecord): Html {
  const size = proposal.size === null ? '' : ` ${quantity(proposal.size)}`;
  const stop = proposal.stop === null ? '' : `, stop ${price(proposal.stop)}`;
  return html`<p>proposed <b>${proposal.action}${size}</b>${stop}</p>`;
}

function verdictMarkup(record: DecisionRecord): Html {
  const { verdict } = record;
  if (verdict === null) return html``;
  const size = verdict.adjustedSize === null ? '' : ` for ${quantity(verdict.adjustedSize)}`;
  const warnings = verdict.warnings.length === 0 ? '' : ` Warnings: ${verdict.warnings.join('; ')}.`;
  return html`<p><b>${clip(record.agent, 60)}</b> ${
    verdict.approved ? html`✓ approved${size}` : html`<span class="failed">✕ refused</span>`
  }, risk score ${share(verdict.riskScore)}. ${clip(record.reasoning + warnings, reasoningLimit)}</p>${factors(record)}`;
}

function missingLines(records: readonly DecisionRecord[]): Html {
  const { failed: missed, absent } = splitMissing(records);
  const failed = [...failureSentences(records), ...missed];
  return html`${
    failed.length === 0
      ? null
      : html`<div class="ln"><b>Failed</b><div class="failed">✕ ${clip(failed.join(' · '), reasoningLimit)}</div></div>`
  }${absent.length === 0 ? null : line('Missing', absent.join(' · '))}`;
}

/** What the agent was shown beside its evidence; which models failed stands above. Text from outside stays text. */
function inputsLine(record: DecisionRecord): Html | null {
  const { failures: _, ...shown } = record.inputs;
  const entries = Object.entries(shown).slice(0, mostFactors);
  if (entries.length === 0) return null;
  return html`<dl>${entries.map(
    ([name, value]) =>
      html`<div><dt>${clip(name, 60)}</dt><dd>${clip(inputText(value), inputLimit)}</dd></div>`,
  )}</dl>`;
}

/** Lists one item to a line, objects as `name: value` pairs: for people, not for programs. */
function inputText(value: JsonValue): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inputText).join('\n');
  if (value === null || typeof value !== 'object')
    return typeof value === 'number' ? plainNumber(value) : String(value ?? absent);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${inputText(inner)}`)
    .join(' · ');
}
