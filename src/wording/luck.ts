import type { Evidence, RandomBaseline, RunDocument } from '../engine/index.ts';
import { count, counted, percentChange, ratio, share } from './number.ts';

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
 */
export function luckVerdict(evidence: Evidence, random: RandomBaseline | null): LuckVerdict {
  const { insufficient, sharpe, deflatedSharpe } = evidence;
  if (insufficient.length > 0) return { kind: 'insufficient', sentence: insufficientSentence(insufficient) };
  if (sharpe === null || deflatedSharpe === null) {
    return { kind: 'insufficient', sentence: 'Insufficient evidence: the daily returns do not vary.' };
  }
  const figures = figuresInWords(evidence, random);
  if (sharpe.high < 0)
    return { kind: 'worse', sentence: `It loses, and bad luck does not explain it (${figures}).` };
  const skilled = deflatedSharpe >= sure && sharpe.low > 0 && (random?.pValue ?? 0) <= 1 - sure;
  return skilled
    ? { kind: 'better', sentence: `Luck alone seldom does this (${figures}).` }
    : { kind: 'cannot-tell', sentence: `Can't tell it from luck (${figures}).` };
}

function insufficientSentence(lacks: Evidence['insufficient']): string {
  if (lacks.some(({ kind, found }) => kind === 'trades' && found === 0)) {
    return 'Insufficient evidence: no trade was closed, so there is nothing to judge.';
  }
  const found = lacks.map(({ kind, found: amount }) => counted(amount, kind === 'days' ? 'day' : 'trade'));
  const needed = lacks.map(({ needed: amount }) => count(amount));
  const verb = lacks.length === 1 && lacks[0]!.found === 1 ? 'is' : 'are';
  return `Insufficient evidence: ${found.join(' and ')} ${verb} too few to tell it from luck (${needed.join(' and ')} are needed).`;
}

function figuresInWords({ deflatedSharpe, trials }: Evidence, random: RandomBaseline | null): string {
  const variants =
    trials === 1 ? 'the only variant tried' : `counting the ${count(trials)} variants tried on these candles`;
  return [
    ...(random === null ? [] : [`p ${probability(random.pValue)} against random entries`]),
    `deflated Sharpe ${share(deflatedSharpe)}, ${variants}`,
  ].join('; ');
}

/** A probability is never 0. */
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

/** What the difference to buy-and-hold comes to. */
export function againstHoldSentence({ againstHold }: Evidence): string {
  const { sharpe } = againstHold;
  if (sharpe === null) return 'No difference to holding can be computed.';
  const difference = `Sharpe ${withInterval(sharpe.estimate, sharpe)} against holding on the same days`;
  if (sharpe.low > 0) return `Better than holding: ${difference}.`;
  return sharpe.high < 0
    ? `Worse than holding: ${difference}.`
    : `Can't tell it from holding: ${difference}.`;
}

/** What stands under a result about luck, as far as it was computed. */
export function evidenceSentences({
  evidence,
  baselines,
}: Pick<RunDocument, 'evidence' | 'baselines'>): readonly string[] {
  if (evidence === undefined) return [];
  return [
    againstHoldSentence(evidence),
    ...randomSentences(baselines.random ?? null),
    trackRecordSentence(evidence),
  ];
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
