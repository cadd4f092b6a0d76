import { answerFault } from './answer-fault.ts';
import type { ChatCost, ChatModel } from './chat.ts';
import { ChatError } from './chat-error.ts';
import type { Models } from './create-gateway.ts';

/** What the questions of one agent to one model came to; plain data, as it goes into checkpoints. */
export interface CallCount {
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  /** Of them `failures` brought no answer that could be used; answers from the cache are not among them. */
  readonly calls: number;
  /** Absent in checkpoints of versions that counted these as calls. */
  readonly turnedAway?: number;
  readonly cacheHits: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface CountedModels extends Models {
  counts(): readonly CallCount[];
}

/**
 * Counts each question by itself, a repair turn and a further rung too, as recordings would: for a run that keeps none, whose
 * records each stand for several. Begins at `earlier`; interrupts leave no trace. A question that the budget
 * refused counts under no provider, ''.
 */
export function countCalls(models: Models, earlier: readonly CallCount[]): CountedModels {
  const counts = new Map(earlier.map((count) => [keyOf(count), count]));
  const add = (scope: string, spent: ChatCost, failed: boolean) => {
    const { provider, model } = spent;
    const turnedAway = provider === null ? 1 : spent.turnedAway;
    const cached = spent.cacheHits > 0;
    const agent = scope.split('.')[1] ?? scope;
    const named = { agent, provider: provider ?? '', model: model ?? '' };
    const before = counts.get(keyOf(named));
    counts.set(keyOf(named), {
      ...named,
      calls: (before?.calls ?? 0) + (cached || turnedAway > 0 ? 0 : 1),
      turnedAway: (before?.turnedAway ?? 0) + turnedAway,
      cacheHits: (before?.cacheHits ?? 0) + (cached ? 1 : 0),
      failures: (before?.failures ?? 0) + (failed && turnedAway === 0 ? 1 : 0),
      inputTokens: (before?.inputTokens ?? 0) + spent.promptTokens,
      outputTokens: (before?.outputTokens ?? 0) + spent.responseTokens,
      costUsd: (before?.costUsd ?? 0) + spent.costUsd,
    });
  };
  return {
    within: (scope) => counting(models.within(scope), (spent, failed) => add(scope, spent, failed)),
    counts: () => [...counts.values()],
  };
}

function counting(next: ChatModel, add: (spent: ChatCost, failed: boolean) => void): ChatModel {
  return {
    async chat(request, call) {
      try {
        const response = await next.chat(request, call);
        add(response, answerFault(request, response) !== null);
        return response;
      } catch (thrown) {
        if (thrown instanceof ChatError) add(thrown.spent, true);
        throw thrown;
      }
    },
  };
}

function keyOf({ agent, provider, model }: Pick<CallCount, 'agent' | 'provider' | 'model'>): string {
  return JSON.stringify([agent, provider, model]);
}
