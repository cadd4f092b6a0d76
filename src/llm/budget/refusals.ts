import type { ChatRequest } from '../chat.ts';
import { noChatCost } from '../chat-cost.ts';
import { ChatError } from '../chat-error.ts';
import { mostAnswerTokens, mostTokens } from '../token-bounds.ts';
import { amountInWords, type BudgetSettings, type BudgetUnit } from './budget.ts';
import { mostCostOf, type Price } from './price.ts';

/** A request as one of its routes may send it. */
export interface Variant {
  readonly request: ChatRequest;
  readonly price: Price;
}

/** What did not fit, in whole amounts of its unit. */
export interface Refused {
  readonly key: keyof BudgetSettings;
  readonly unit: BudgetUnit;
  readonly cap: number;
  readonly most: number;
  readonly agent: string;
  readonly variants: readonly Variant[];
}

/** Nobody was asked. */
export const unasked = { retryable: false, spent: { ...noChatCost, turnedAway: 1 } } as const;

/** For a question that is more than the whole budget. */
export function tooDear(refused: Refused, { profile }: ChatRequest): ChatError {
  const { key, unit, cap, most } = refused;
  return new ChatError(
    'budget-exceeded',
    `a question to ${profile} may take ${amountInWords(unit, most)}, more than llm.budget.${key} allows (${amountInWords(unit, cap)})`,
    { hint: lengthHint(refused) ?? "Lower the profile's maxTokens, or raise the budget.", ...unasked },
  );
}

/** For a question that is more than what is left. */
export function exceeded(refused: Refused, left: number, { profile }: ChatRequest): ChatError {
  const { key, unit, cap, most } = refused;
  return new ChatError(
    'budget-exceeded',
    `the budget of ${ownerOf(refused)} is spent: a question to ${profile} may take ${amountInWords(unit, most)}, and llm.budget.${key} (${amountInWords(unit, cap)}) has ${amountInWords(unit, left)} left`,
    {
      hint: lengthHint(refused) ?? 'Raise the budget, choose a cheaper model, or go on with rules.',
      ...unasked,
    },
  );
}

function ownerOf({ key, agent }: Refused): string {
  if (key.endsWith('PerDay')) return 'the day';
  return key.endsWith('PerAgent') ? agent : 'this run';
}

/** Where the claim is mostly a length of answer that nobody set, setting one leaves room for more questions. */
function lengthHint({ unit, variants }: Refused): string | null {
  const claim = ({ request, price }: Variant) =>
    unit === 'usd' ? mostCostOf(price, request) : mostTokens(request);
  const [dearest] = [...variants].sort((one, other) => claim(other) - claim(one));
  if (dearest === undefined || dearest.request.maxTokens !== null) return null;
  const { request, price } = dearest;
  const tokens = mostAnswerTokens(request);
  const answer = unit === 'usd' ? (tokens * price.output) / 1_000_000 : tokens;
  if (answer < claim(dearest) / 2) return null;
  return `Set maxTokens of ${request.profile}: without it an answer of ${tokens} tokens is held back for, the larger part of each question. Or raise the budget.`;
}
