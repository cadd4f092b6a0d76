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

/** Who decided, counted: stands beside every return, because a quiet fall-back looks like a result. */
export function decidedBySentence(
  document: Pick<RunDocument, 'sources' | 'decisions' | 'fellBack' | 'llm'>,
): string {
  const parts = sources
    .filter((source) => document.sources[source] > 0)
    .map((source) => `${source} ${count(document.sources[source])}`);
  const who = parts.length === 0 ? 'nobody yet' : `${parts.join(' · ')} of ${count(document.decisions)}`;
  return `Decided by: ${who}; ${modelSentence(document)}.`;
}

function modelSentence(document: Pick<RunDocument, 'sources' | 'fellBack' | 'llm'>): string {
  if (document.fellBack > 0) return `${count(document.fellBack)} fell back to rules because a model failed`;
  const asked = document.llm.calls + document.llm.cacheHits + document.sources.llm;
  return asked === 0 ? 'no model was asked' : 'none fell back';
}

/** Spending on models. */
export function modelCostSentence(document: Pick<RunDocument, 'llm' | 'replayOf'>): string {
  const { llm } = document;
  const answers = llm.calls + llm.cacheHits;
  if (answers === 0 && llm.recordedCostUsd === 0) return `${usd(0)} · no model was called`;
  const recorded =
    document.replayOf === null ? '' : ` · recorded answers cost ${usd(llm.recordedCostUsd)} when made`;
  const calls =
    document.replayOf === null
      ? `${counted(llm.calls, 'call')} · ${count(llm.cacheHits)} from cache`
      : `${counted(answers, 'answer')} from recordings`;
  return `${usd(llm.costUsd)} · ${calls}${recorded}`;
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
