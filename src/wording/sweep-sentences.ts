import type { Baseline, MonteCarloResult, SweepEvidence, SweepRow } from '../engine/index.ts';
import { insufficientEvidence } from '../engine/index.ts';
import { insufficientSentence } from './luck.ts';
import { count, drawdown, money, percent, percentChange, ratio, share } from './number.ts';
import { utcTime } from './time.ts';

/** From here on a probability counts as an answer. */
const sure = 0.95;

/** What the deflated Sharpe says of the best of a sweep. */
export function deflatedSharpeSentence({ deflatedSharpe, trials, days }: SweepEvidence): string {
  const best = `Best of ${count(trials)}`;
  if (deflatedSharpe === null) {
    return `${best}: no deflated Sharpe, because its daily returns do not vary or are too few.`;
  }
  const figure = `${best}: deflated Sharpe ${share(deflatedSharpe)} over ${count(days)} days`;
  return deflatedSharpe >= sure
    ? `${figure}: better than the luckiest of ${count(trials)} is expected to look.`
    : `${figure}: can't tell it from the luckiest of ${count(trials)}.`;
}

/** What the probability of overfitting says of choosing by these results. */
export function overfittingSentence({ probabilityOfOverfitting, trials, compared }: SweepEvidence): string {
  if (probabilityOfOverfitting === null) {
    return 'No probability of overfitting: it takes two combinations and 40 days.';
  }
  const some = compared < trials ? ` (of ${count(compared)} combinations, evenly spread)` : '';
  const figure = `Probability of overfitting ${share(probabilityOfOverfitting)}${some}`;
  if (probabilityOfOverfitting <= 1 - sure) {
    return `${figure}: the best on one half of the days was nearly always above the median on the other.`;
  }
  return probabilityOfOverfitting < 0.5
    ? `${figure}: so often the best on one half of the days was no better than the median on the other.`
    : `${figure}: the best on one half of the days was no better than the median on the other. Choosing by these results is guessing.`;
}

/** Whether the best of a sweep over so many days beats holding on the same bars, and before that whether it shows anything. */
export function bestAgainstHoldSentence(best: SweepRow, hold: Baseline, days: number): string {
  const lacks = insufficientEvidence({ days, trades: best.trades ?? 0 });
  const before = lacks.length === 0 ? '' : `${insufficientSentence(lacks)} `;
  const beats = (own: number | null, other: number | null) => own !== null && other !== null && own > other;
  const bySharpe = beats(best.sharpe, hold.sharpe);
  const byReturn = beats(best.returnPct, hold.returnPct);
  const figures =
    `Sharpe ${ratio(best.sharpe)} against ${ratio(hold.sharpe)}, ` +
    `return ${percentChange(best.returnPct)} against ${percentChange(hold.returnPct)}`;
  if (!bySharpe && !byReturn) return `${before}Not even the best beats holding: ${figures}.`;
  const by = bySharpe === byReturn ? '' : bySharpe ? ' by Sharpe only' : ' by return only';
  return `${before}The best beats holding${by}: ${figures}.`;
}

/** Windows of a walk-forward that show nothing; null where all of them traded. */
export function idleSentence(idle: number, windows: number): string | null {
  if (idle === 0) return null;
  return (
    `${count(idle)} of ${count(windows)} windows did not trade: each begins flat, and a rule that waits for its next ` +
    'signal may get none in the days of a test. Their days lie in the figures as days of nothing.'
  );
}

/** Follows a verdict that rests mostly on bars without a position; else nothing. */
export function mostlyOutSentence(held: number): string {
  return held >= 0.5 ? '' : ` It held nothing at ${percent((1 - held) * 100)} of the bars tested.`;
}

/** What a walk-forward left out at the end; null where that is nothing. */
export function untestedSentence(bars: number, from: number): string | null {
  if (bars === 0) return null;
  const were = bars === 1 ? 'bar was' : `${count(bars)} bars were`;
  return `The last ${were} not tested, from ${utcTime(from)} on: they fill no test.`;
}

/** What could have come of the same days in another order. */
export function monteCarloSentence({
  samples,
  finalEquity,
  maxDrawdownPct,
  lossProbability,
}: MonteCarloResult): string {
  if (finalEquity === null || maxDrawdownPct === null || lossProbability === null) {
    return 'Monte Carlo: there is no day to draw.';
  }
  const equity = [finalEquity.p5, finalEquity.p50, finalEquity.p95].map(money).join(' / ');
  const falls = [maxDrawdownPct.p5, maxDrawdownPct.p50, maxDrawdownPct.p95].map(drawdown).join(' / ');
  return (
    `Its days drawn anew ${count(samples)} times: equity ${equity}, max drawdown ${falls} (5 / 50 / 95 %); ` +
    `a loss in ${percent(lossProbability * 100)}.`
  );
}
