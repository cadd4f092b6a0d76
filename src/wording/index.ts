// How results are put into words and digits. Terminal, report and pages use these and no formatting of their own, so
// that the same figure reads the same everywhere.
export { glossary } from './glossary.ts';
export type { LuckKind, LuckVerdict } from './luck.ts';
export {
  againstHoldSentence,
  comparisonSentence,
  evidenceSentences,
  luckVerdict,
  luckWord,
  pValueInWords,
  randomSentences,
  stressInShort,
  trackRecordSentence,
  withInterval,
} from './luck.ts';
export {
  absent,
  axisLabel,
  count,
  counted,
  drawdown,
  money,
  moneyChange,
  percent,
  percentChange,
  plainNumber,
  price,
  quantity,
  ratio,
  share,
  usd,
} from './number.ts';
export type { Direction } from './record-words.ts';
export {
  actionDirection,
  actionGlyph,
  byWhom,
  callSentence,
  evidenceMark,
  evidenceSentence,
  evidenceValue,
  exitWord,
  failureSentences,
  guardSentence,
  headline,
  missingReason,
  outcomeSentence,
  sourceMeanings,
  sources,
  splitMissing,
  stanceDirection,
  stanceGlyph,
} from './record-words.ts';
export type { ResultRow } from './result-rows.ts';
export { fewDays, resultRows } from './result-rows.ts';
export {
  decidedBySentence,
  fellBackParts,
  gapSentence,
  holdSentence,
  luckSentence,
  modelCostSentence,
  returnSentence,
  tradingCostSentence,
  verdictSentence,
} from './result-sentences.ts';
export {
  bestAgainstHoldSentence,
  deflatedSharpeSentence,
  idleSentence,
  monteCarloSentence,
  mostlyOutSentence,
  overfittingSentence,
  untestedSentence,
} from './sweep-sentences.ts';
export { duration, period, stamp, utcTime } from './time.ts';
export type { Voice, Voices } from './voices.ts';
export { weighVoices } from './voices.ts';
