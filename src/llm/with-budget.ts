import { isoTime, type OrreryError, wallClock } from '../core/index.ts';
import { type BudgetSettings, type BudgetUnit, wholeAmount } from './budget/budget.ts';
import { DoesNotFit, type Ledger } from './budget/ledger.ts';
import { mostCostOf } from './budget/price.ts';
import type { Claim } from './budget/purse.ts';
import { exceeded, tooDear, unasked, type Variant } from './budget/refusals.ts';
import type { ChatCall, ChatModel, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { abortedCall } from './failed-call.ts';
import { mostTokens } from './token-bounds.ts';

export interface BudgetOptions {
  readonly budget: BudgetSettings;
  readonly ledger: Ledger;
  /** Whose money it is; null outside of a run. */
  readonly run: string | null;
  /** The requests that may come of one, on each route, with their prices. */
  readonly variantsOf: (request: ChatRequest) => readonly Variant[];
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
      const variants = options.variantsOf(request);
      const claims = claimsOf(options.budget, limits, worstCase(variants), call, request, variants);
      const signal = call?.signal;
      if (signal?.aborted) throw abortedCall(request, signal);
      const claimed = claims.map(({ claim }) => claim);
      const reservation = await options.ledger.claim(claimed, signal).catch((thrown) => {
        if (thrown instanceof DoesNotFit) throw refusal(claims, thrown, call, request, variants);
        throw signal?.aborted ? givenUp(claims, request, signal) : thrown;
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
  variants: readonly Variant[],
): readonly NamedClaim[] {
  const claims: NamedClaim[] = [];
  const refused = { agent: call?.agent ?? '', variants };
  for (const { key, unit, purse } of limits) {
    const cap = wholeAmount(unit, budget[key]!);
    if (most[unit] > cap) throw tooDear({ ...refused, key, unit, cap, most: most[unit] }, request);
    if (purse !== null) claims.push({ key, unit, claim: { purse: purse(call), cap, most: most[unit] } });
  }
  return claims;
}

function worstCase(variants: readonly Variant[]): Readonly<Record<BudgetUnit, number>> {
  const usd = Math.max(...variants.map((one) => mostCostOf(one.price, one.request)));
  const tokens = Math.max(...variants.map((one) => mostTokens(one.request)));
  return { usd: wholeAmount('usd', usd), tokens: wholeAmount('tokens', tokens) };
}

function refusal(
  claims: readonly NamedClaim[],
  { claim, left }: DoesNotFit,
  call: ChatCall | undefined,
  request: ChatRequest,
  variants: readonly Variant[],
): ChatError {
  const { key, unit } = claims.find((one) => one.claim === claim)!;
  const { cap, most } = claim;
  return exceeded({ key, unit, cap, most, agent: call?.agent ?? '', variants }, left, request);
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

/** It waited for calls under way until its caller gave up. */
function givenUp(claims: readonly NamedClaim[], request: ChatRequest, signal: AbortSignal): OrreryError {
  const ended = abortedCall(request, signal);
  if (!(ended instanceof ChatError)) return ended;
  const keys = [...new Set(claims.map(({ key }) => key))].join(', ');
  return new ChatError(
    'budget-exceeded',
    `a question to ${request.profile} found no room in llm.budget (${keys}) within the agent's time limit: calls under way held it`,
    { hint: "Raise the budget or the agent's timeoutMs, or go on with rules.", ...unasked },
  );
}
