import type { Baseline, Evidence, RandomBaseline, RunDocument, RunStress } from '../engine/index.ts';
import { absent, count, counted, drawdown, percentChange, ratio, share } from './number.ts';

/** What can be said of a result: it shows skill, it shows the lack of it, it cannot be told from luck, or there is too little to say. */
export type LuckKind = 'better' | 'worse' | 'cannot-tell' | 'insufficient';

export interface LuckVerdict {
  readonly kind: LuckKind;
  /** The whole of it, as it stands under a result. */
  readonly sentence: string;
}

/** Above this, or below its complement, a probability counts as an answer. */
const sure = 0.95;

/**
 * The one place that decides between skill and luck, for terminal, report and pages. Skill has to pass three tests: the
 * Sharpe holds against all variants tried, random entries seldom did as well, and its interval lies above 0.
 * @param variants `told-apart` where how many were tried is said beside the sentence, once for several of them
 */
export function luckVerdict(
  evidence: Evidence,
  random: RandomBaseline | null,
  variants: 'counted' | 'told-apart' = 'counted',
): LuckVerdict {
  const { insufficient, sharpe, deflatedSharpe } = evidence;
  if (insufficient.length > 0) return { kind: 'insufficient', sentence: insufficientSentence(insufficient) };
  if (sharpe === null || deflatedSharpe === null) {
    return { kind: 'insufficient', sentence: 'Insufficient evidence: the daily returns do not vary.' };
  }
  const figures = figuresInWords(evidence, random, variants);
  if (sharpe.high < 0)
    return { kind: 'worse', sentence: `It loses, and bad luck does not explain it (${figures}).` };
  const skilled = deflatedSharpe >= sure && sharpe.low > 0 && (random?.pValue ?? 0) <= 1 - sure;
  return skilled
    ? { kind: 'better', sentence: `Luck alone seldom does this${besideHolding(evidence)} (${figures}).` }
    : { kind: 'cannot-tell', sentence: `Can't tell it from luck (${figures}${lacking(evidence)}).` };
}

/** Why figures that look good do not suffice. */
function lacking({ deflatedSharpe, sharpe }: Evidence): string {
  const doubts = [
    ...((deflatedSharpe ?? 0) < sure ? [`the deflated Sharpe is under the ${share(sure)} needed`] : []),
    ...((sharpe?.low ?? 0) <= 0 ? ['the interval of the Sharpe holds 0'] : []),
  ];
  return doubts.length === 0 ? '' : `; ${doubts.join(', and ')}`;
}

const words: { readonly [Kind in LuckKind]: string } = {
  better: 'seldom luck',
  worse: 'loses',
  'cannot-tell': "can't tell",
  insufficient: 'insufficient',
};

/** A verdict in a cell of a table; its sentence stands beside it. */
export function luckWord(kind: LuckKind): string {
  return words[kind];
}

/** What stands over several results: at once, which of them luck explains. Several names, one kind for each. */
export function comparisonSentence(names: readonly string[], kinds: readonly LuckKind[]): string {
  const shown = names.filter((_, at) => kinds[at] === 'better');
  const left = names.length - shown.length;
  if (shown.length === 0) {
    return names.length === 2
      ? 'Skill is shown for neither of the two.'
      : `Skill is shown for none of the ${count(names.length)}.`;
  }
  const did = `Luck alone seldom does what ${shown.join(' and ')} did`;
  if (left === 0) return `${did}.`;
  return `${did}; skill is not shown for the ${left === 1 ? 'other' : `other ${count(left)}`}.`;
}

/** A p-value: a probability is never 0. */
export function pValueInWords({ pValue }: RandomBaseline): string {
  return `p ${probability(pValue)}`;
}

/** What a test has too little of; `lacks` is not empty. */
export function insufficientSentence(lacks: Evidence['insufficient']): string {
  if (lacks.some(({ kind, found }) => kind === 'trades' && found === 0)) {
    return 'Insufficient evidence: no trade was closed, so there is nothing to judge.';
  }
  const found = lacks.map(({ kind, found: amount }) => counted(amount, kind === 'days' ? 'day' : 'trade'));
  const needed = lacks.map(({ needed: amount }) => count(amount));
  const verb = lacks.length === 1 && lacks[0]!.found === 1 ? 'is' : 'are';
  return `Insufficient evidence: ${found.join(' and ')} ${verb} too few to tell it from luck (${needed.join(' and ')} are needed).`;
}

function figuresInWords(
  { deflatedSharpe, trials }: Evidence,
  random: RandomBaseline | null,
  variants: 'counted' | 'told-apart',
): string {
  const tried =
    trials === 1 ? 'the only variant tried' : `counting the ${count(trials)} variants tried on these candles`;
  return [
    ...(random === null ? [] : [`${pValueInWords(random)} against random entries`]),
    `deflated Sharpe ${share(deflatedSharpe)}${variants === 'counted' ? `, ${tried}` : ''}`,
  ].join('; ');
}

function probability(value: number): string {
  return value < 0.01 ? '< 0.01' : share(value);
}

/** `0.81 [−2.00, 3.60]`. */
export function withInterval(
  value: number | null,
  interval: { readonly low: number; readonly high: number } | null,
): string {
  return value === null || interval === null
    ? ratio(value)
    : `${ratio(value)} [${ratio(interval.low)}, ${ratio(interval.high)}]`;
}

/** Below this a difference of Sharpes is what one bar of entry and rounding make. */
const negligible = 0.01;

type AgainstHold = 'better' | 'worse' | 'same' | 'cannot-tell';

function againstHoldKind({ estimate, low, high }: NonNullable<Evidence['sharpe']>): AgainstHold {
  if (Math.abs(estimate) < negligible) return high - low < 10 * negligible ? 'same' : 'cannot-tell';
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'cannot-tell';
}

/** So that nobody takes what the market did for skill. */
function besideHolding({ againstHold: { sharpe } }: Evidence): string {
  if (sharpe === null) return '';
  const said: { readonly [Kind in AgainstHold]: string } = {
    better: ', and it is better than holding',
    worse: ', but it is worse than holding',
    same: ', but it is the same as holding',
    'cannot-tell': ", but it can't be told from holding",
  };
  return said[againstHoldKind(sharpe)];
}

/** What the difference to buy-and-hold comes to. */
export function againstHoldSentence({ againstHold }: Evidence): string {
  const { sharpe } = againstHold;
  if (sharpe === null) return 'No difference to holding can be computed.';
  const difference = `Sharpe ${withInterval(sharpe.estimate, sharpe)} against holding on the same days`;
  const said: { readonly [Kind in AgainstHold]: string } = {
    better: 'Better than holding',
    worse: 'Worse than holding',
    same: 'The same as holding',
    'cannot-tell': "Can't tell it from holding",
  };
  return `${said[againstHoldKind(sharpe)]}: ${difference}.`;
}

/** What stands under a result about luck, as far as it was computed. */
export function evidenceSentences({
  evidence,
  baselines,
  stress,
}: Pick<RunDocument, 'evidence' | 'baselines' | 'stress'>): readonly string[] {
  if (evidence === undefined) return [];
  return [
    againstHoldSentence(evidence),
    ...randomSentences(baselines.random ?? null),
    ...(stress === undefined ? [] : [stressSentence(stress)]),
    trackRecordSentence(evidence),
  ];
}

/** What a desk's orders would have brought under worse conditions, on a line. */
export function stressInShort({ doubleCostsPct, fiveFoldCostsPct, delayedBarPct }: RunStress): string {
  const [double, fiveFold, late] = [doubleCostsPct, fiveFoldCostsPct, delayedBarPct].map(percentChange);
  return `costs ×2 ${double}, ×5 ${fiveFold}; a bar late ${late}`;
}

function stressSentence({ doubleCosts, fiveFoldCosts, delayedBar }: RunStress): string {
  const figures = (of: Baseline | null) =>
    of === null
      ? absent
      : `${percentChange(of.returnPct)} (sharpe ${ratio(of.sharpe)}, max drawdown ${drawdown(of.maxDrawdownPct)})`;
  return (
    `The same orders with costs doubled ${figures(doubleCosts)}, five-fold ${figures(fiveFoldCosts)}, ` +
    `each a bar later ${figures(delayedBar)}; the desk was not asked again.`
  );
}

/** What the same trades bring at random moments; nothing where they could not be drawn. */
export function randomSentences(random: RandomBaseline | null): readonly string[] {
  if (random === null) return [];
  const { p5, p50, p95 } = random.randomReturnPct;
  const returns = [p5, p50, p95].map(percentChange).join(' / ');
  return [`Random entries, as many and as long, ${count(random.runs)} times: ${returns} (5 / 50 / 95 %).`];
}

export function trackRecordSentence({ minimumTrackRecordDays: days }: Evidence): string {
  return days === null
    ? 'No track record of any length would show a Sharpe above 0 at this rate.'
    : `It would take ${counted(days, 'day')} at this rate to tell the Sharpe from 0.`;
}
