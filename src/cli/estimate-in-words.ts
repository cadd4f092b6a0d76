import type { LlmSettings } from '../llm/index.ts';
import type { RunEstimate } from '../runs/index.ts';
import { count, counted, usd } from '../wording/index.ts';

/** One line before a run asks anybody. */
export function estimateInWords(
  { likely, most, models }: RunEstimate,
  budget: LlmSettings['budget'],
): string {
  return [
    `estimate: about ${counted(likely.calls, 'call')} to ${counted(models, 'model')}, ${usd(likely.usd)}`,
    `at most ${count(most.calls)} calls and ${usd(most.usd)}`,
    budgetInWords(budget),
  ].join('; ');
}

function budgetInWords({ usdPerRun, usdPerDay }: NonNullable<LlmSettings['budget']> = {}): string {
  const parts = [
    usdPerRun === undefined ? [] : [`${usd(usdPerRun)} per run`],
    usdPerDay === undefined ? [] : [`${usd(usdPerDay)} per day`],
  ].flat();
  return parts.length === 0 ? 'no budget in dollars' : `budget ${parts.join(', ')}`;
}
