import { isoTime, wallClock } from '../core/index.ts';
import { amountInWords, type BudgetSettings, type BudgetUnit, wholeAmount } from './budget/budget.ts';
import { type Claim, DoesNotFit, type Ledger } from './budget/ledger.ts';
import { mostCostOf, type Price } from './budget/price.ts';
import type { ChatCall, ChatModel, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { mostTokens } from './token-bounds.ts';

export interface BudgetOptions {
  readonly budget: BudgetSettings;
  readonly ledger: Ledger;
  /** Whose money it is; null outside of a run. */
  readonly run: string | null;
  /** The requests that may come of one, on each route, with their prices. */
  readonly variantsOf: (
    request: ChatRequest,
  ) => readonly { readonly request: ChatRequest; readonly price: Price }[];
}

interface Limit {
  readonly key: keyof BudgetSettings;
  readonly unit: BudgetUnit;
  /** Null for a limit of the single call. */
  readonly purse: ((call: ChatCall | undefined) => string) | null;
}

/** Claims what a call may take at most before it is made, and books what it took after. A failed call books what it stated. */
export function withBudget(options: BudgetOptions, next: ChatModel): ChatModel {
  const limits = limitsOf(options);
  if (limits.length === 0) return next;
  return {
    async chat(request, call) {
      const most = worstCase(options, request);
      const claims = claimsOf(options.budget, limits, most, call, request);
      const reservation = await options.ledger
        .claim(
          claims.map(({ claim }) => claim),
          call?.signal,
        )
        .catch((thrown) => {
          throw thrown instanceof DoesNotFit ? exceeded(claims, thrown, request) : thrown;
        });
      let taken: Record<BudgetUnit, number> = { usd: 0, tokens: 0 };
      try {
        const response = await next.chat(request, call);
        taken = takenBy(response);
        return response;
      } catch (thrown) {
        if (thrown instanceof ChatError) taken = takenBy(thrown.spent);
        throw thrown;
      } finally {
        reservation.settle(claims.map(({ unit }) => taken[unit]));
      }
    },
  };
}

function limitsOf({ budget, run }: BudgetOptions): readonly Limit[] {
  const limits: Limit[] = [];
  for (const unit of ['usd', 'tokens'] as const) {
    limits.push({ key: `${unit}PerCall`, unit, purse: null });
    limits.push({
      key: `${unit}PerDay`,
      unit,
      purse: () => `day ${isoTime(wallClock.now()).slice(0, 10)} ${unit}`,
    });
    if (run === null) continue;
    limits.push({ key: `${unit}PerRun`, unit, purse: () => `run ${run} ${unit}` });
    limits.push({
      key: `${unit}PerAgent`,
      unit,
      purse: (call) => `agent ${run}.${call?.agent ?? ''} ${unit}`,
    });
  }
  return limits.filter(({ key }) => budget[key] !== undefined);
}

interface NamedClaim {
  readonly key: keyof BudgetSettings;
  readonly unit: BudgetUnit;
  readonly claim: Claim;
}

/** @throws ChatError `budget-exceeded` for a call that is too dear in itself */
function claimsOf(
  budget: BudgetSettings,
  limits: readonly Limit[],
  most: Readonly<Record<BudgetUnit, number>>,
  call: ChatCall | undefined,
  request: ChatRequest,
): readonly NamedClaim[] {
  const claims: NamedClaim[] = [];
  for (const { key, unit, purse } of limits) {
    const cap = wholeAmount(unit, budget[key]!);
    if (most[unit] > cap) throw tooDear(key, unit, cap, most[unit], request);
    if (purse !== null) claims.push({ key, unit, claim: { purse: purse(call), cap, most: most[unit] } });
  }
  return claims;
}

function worstCase(
  { variantsOf }: BudgetOptions,
  request: ChatRequest,
): Readonly<Record<BudgetUnit, number>> {
  const variants = variantsOf(request);
  const usd = Math.max(...variants.map((one) => mostCostOf(one.price, one.request)));
  const tokens = Math.max(...variants.map((one) => mostTokens(one.request)));
  return { usd: wholeAmount('usd', usd), tokens: wholeAmount('tokens', tokens) };
}

function takenBy(spent: {
  readonly costUsd: number;
  readonly promptTokens: number;
  readonly responseTokens: number;
}) {
  return {
    usd: wholeAmount('usd', spent.costUsd),
    tokens: wholeAmount('tokens', spent.promptTokens + spent.responseTokens),
  };
}

function tooDear(
  key: string,
  unit: BudgetUnit,
  cap: number,
  most: number,
  { profile }: ChatRequest,
): ChatError {
  return new ChatError(
    'budget-exceeded',
    `a question to ${profile} may take ${amountInWords(unit, most)}, more than llm.budget.${key} allows (${amountInWords(unit, cap)})`,
    { hint: "Lower the profile's maxTokens, or raise the budget.", retryable: false },
  );
}

function exceeded(
  claims: readonly NamedClaim[],
  { claim, left }: DoesNotFit,
  { profile }: ChatRequest,
): ChatError {
  const { key, unit } = claims.find((one) => one.claim === claim)!;
  return new ChatError(
    'budget-exceeded',
    `a question to ${profile} may take ${amountInWords(unit, claim.most)}, and llm.budget.${key} (${amountInWords(unit, claim.cap)}) has ${amountInWords(unit, left)} left`,
    { hint: 'Raise the budget, choose a cheaper model, or go on with rules.', retryable: false },
  );
}
