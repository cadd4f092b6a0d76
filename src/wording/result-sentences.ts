import type { Source } from '../core/index.ts';
import type { RunDocument } from '../engine/index.ts';
import { luckVerdict } from './luck.ts';
import { count, counted, money, percent, percentChange, plainNumber, usd } from './number.ts';
import { sources } from './record-words.ts';

/** The sentence above every result, the same on the terminal and in the report. */
export function verdictSentence(document: RunDocument): string {
  const { metrics, baselines } = document;
  return [
    returnSentence(metrics.returnPct, document.synthetic),
    holdSentence(baselines.buyAndHold.returnPct),
    luckSentence(document),
  ].join(' ');
}

export function returnSentence(returnPct: number, synthetic: boolean): string {
  return `Returned ${percentChange(returnPct)}${synthetic ? ' on a synthetic market' : ''}.`;
}

export function holdSentence(returnPct: number): string {
  return `Holding returned ${percentChange(returnPct)}.`;
}

/** What luck has to do with it. */
export function luckSentence({ evidence, baselines }: Pick<RunDocument, 'evidence' | 'baselines'>): string {
  if (evidence === undefined) return 'Not tested against luck: the run is of a version that did not.';
  return luckVerdict(evidence, baselines.random ?? null).sentence;
}

type Deciders = Pick<RunDocument, 'sources' | 'fellBack' | 'fellBackFor' | 'answeredBy' | 'llm'>;

/** Who decided, counted: stands beside every return, because a quiet fall-back looks like a result. */
export function decidedBySentence(document: Deciders & Pick<RunDocument, 'decisions'>): string {
  const parts = sources
    .filter((source) => document.sources[source] > 0)
    .map((source) => `${source} ${count(document.sources[source])}${standInsInWords(document, source)}`);
  const who = parts.length === 0 ? 'nobody yet' : `${parts.join(' · ')} of ${count(document.decisions)}`;
  return `Decided by: ${who}; ${modelSentence(document)}.`;
}

/** ` (24 by the backup local/qwen3:8b)`: a model that answers in another's place must not look like it. */
function standInsInWords({ answeredBy = [] }: Deciders, source: Source): string {
  const shares = answeredBy.filter((share) => share.source === source && share.standIn !== null);
  if (shares.length === 0) return '';
  return ` (${shares.map(({ decisions, standIn, model }) => `${count(decisions)} by the ${standIn} ${model}`).join(', ')})`;
}

function modelSentence(document: Deciders): string {
  if (document.fellBack > 0) return fellBackParts(document).join(', ');
  const asked = document.llm.calls + document.llm.cacheHits + document.sources.llm;
  return asked === 0 ? 'no model was asked' : 'none fell back to rules';
}

/** `35 by rules because the budget was spent`: each reason by itself, failures first. */
export function fellBackParts({
  fellBack,
  fellBackFor = {},
}: Pick<RunDocument, 'fellBack' | 'fellBackFor'>): readonly string[] {
  if (fellBack === 0) return [];
  const spent = fellBackFor['budget-exceeded'] ?? 0;
  const failed = fellBack - spent;
  return [
    ...(failed === 0
      ? []
      : [`${count(failed)} fell back to rules because a model failed${howItFailed(fellBackFor)}`]),
    ...(spent === 0 ? [] : [`${count(spent)} by rules because the budget was spent`]),
  ];
}

/** Silence is what a failure is taken for; what a model did instead is said. */
function howItFailed(byCode: NonNullable<RunDocument['fellBackFor']>): string {
  const refused = byCode['provider-refused'] ?? 0;
  const unfit = byCode['answer-invalid'] ?? 0;
  const parts = [
    ...(refused === 0 ? [] : [`${count(refused)} × it would not answer`]),
    ...(unfit === 0 ? [] : [`${count(unfit)} × its answer could not be used`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Spending on models. */
export function modelCostSentence(document: Pick<RunDocument, 'llm' | 'replayOf'>): string {
  const { llm } = document;
  const answers = llm.calls + llm.cacheHits;
  const turnedAway = llm.turnedAway ?? 0;
  const unasked = turnedAway === 0 ? '' : ` · ${count(turnedAway)} turned away`;
  if (answers === 0 && llm.recordedCostUsd === 0) return `${usd(0)} · no model was called${unasked}`;
  const recorded =
    document.replayOf === null ? '' : ` · recorded answers cost ${usd(llm.recordedCostUsd)} when made`;
  const calls =
    document.replayOf === null
      ? `${counted(llm.calls, 'call')} · ${count(llm.cacheHits)} from cache`
      : `${counted(answers, 'answer')} from recordings`;
  return `${usd(llm.costUsd)} · ${calls}${unasked}${recorded}`;
}

/** What trading cost and how it was charged. */
export function tradingCostSentence(document: RunDocument): string {
  const { feeBps, spreadBps, slippageBps } = document.costs;
  const share = document.equity.start > 0 ? (document.equity.fees / document.equity.start) * 100 : null;
  const slippage = slippageBps === 0 ? 'no slippage' : `slippage ${bps(slippageBps)}`;
  return (
    `Each fill paid a fee of ${bps(feeBps)} of its value, half of a spread of ${bps(spreadBps)} and ${slippage}. ` +
    `Fees came to ${money(document.equity.fees)}, ${percent(share)} of the starting capital.`
  );
}

function bps(value: number): string {
  return `${plainNumber(value / 100)} %`;
}

/** Said wherever limits are shown: the guard bounds what is planned, not what the market does overnight. */
export const gapSentence =
  'A stop fills at its price, or at the open where that has gapped past it, so a loss can exceed the risk limit by the gap.';
