import type { LlmSettings } from '../llm/index.ts';
import type { RunEstimate } from '../runs/index.ts';
import { count, counted, usd } from '../wording/index.ts';

/** One line before a run asks anybody. */
export function estimateInWords(estimate: RunEstimate, budget: LlmSettings['budget']): string {
  const { likely, most, models } = estimate;
  return [
    `estimate: about ${counted(likely.calls, 'call')} to ${counted(models, 'model')}, ${usd(likely.usd)}`,
    `at most ${count(most.calls)} calls and ${usd(most.usd)}`,
    `${budgetInWords(budget)}${endInWords(estimate, budget)}`,
  ].join('; ');
}

function budgetInWords({ usdPerRun, usdPerDay }: NonNullable<LlmSettings['budget']> = {}): string {
  const parts = [
    usdPerRun === undefined ? [] : [`${usd(usdPerRun)} per run`],
    usdPerDay === undefined ? [] : [`${usd(usdPerDay)} per day`],
  ].flat();
  return parts.length === 0 ? 'no budget in dollars' : `budget ${parts.join(', ')}`;
}

/** A budget that will not last is better known before the run than after it. */
function endInWords(
  { likely, bars, claimUsd }: RunEstimate,
  { usdPerRun, usdPerDay }: NonNullable<LlmSettings['budget']> = {},
): string {
  const budget = Math.min(usdPerRun ?? Number.POSITIVE_INFINITY, usdPerDay ?? Number.POSITIVE_INFINITY);
  if (budget < claimUsd) return ', too little for one question of the dearest agent';
  // A question is put only while what it may take at most is left.
  const usable = budget - claimUsd + likely.usd / Math.max(1, likely.calls);
  if (usable >= likely.usd) return '';
  return `, spent after about ${counted(Math.floor((bars * usable) / likely.usd), 'bar')} of ${count(bars)}`;
}
