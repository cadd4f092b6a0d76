import { type ErrorDetails, OrreryError } from '../core/index.ts';
import type { ChatCost } from './chat.ts';

export type ChatErrorCode = 'provider-failed' | 'provider-refused' | 'answer-invalid';

export interface ChatErrorDetails extends ErrorDetails {
  /** HTTP status, when there was one. */
  readonly status?: number | null;
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs?: number | null;
  readonly spent?: ChatCost;
}

/**
 * A model gave no usable answer. The only failure of a call that an agent may answer by its next decider: a missing or altered
 * recording, a broken database or an interrupt is another {@link OrreryError} and must end the run.
 */
export class ChatError extends OrreryError {
  declare readonly code: ChatErrorCode;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** What was spent although nothing came of it. */
  readonly spent: ChatCost;

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(code, message, details);
    this.name = 'ChatError';
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.spent = details.spent ?? noCost;
  }

  /** The same failure in other words or at another cost. */
  with(change: { readonly message?: string; readonly spent?: ChatCost }): ChatError {
    return new ChatError(this.code, change.message ?? this.message, {
      ...(this.hint === null ? {} : { hint: this.hint }),
      retryable: this.retryable,
      status: this.status,
      retryAfterMs: this.retryAfterMs,
      spent: change.spent ?? this.spent,
    });
  }
}

const noCost: ChatCost = {
  provider: null,
  model: null,
  promptTokens: 0,
  responseTokens: 0,
  latencyMs: 0,
  costUsd: 0,
  recording: null,
  calls: 0,
  recordedCostUsd: 0,
};

/** The cost of calls made one after another; provider, model and recording are the last one's. */
export function sumCosts(costs: readonly ChatCost[]): ChatCost {
  return costs.reduce(
    (sum, cost) => ({
      provider: cost.provider ?? sum.provider,
      model: cost.model ?? sum.model,
      promptTokens: sum.promptTokens + cost.promptTokens,
      responseTokens: sum.responseTokens + cost.responseTokens,
      latencyMs: sum.latencyMs + cost.latencyMs,
      costUsd: sum.costUsd + cost.costUsd,
      recording: cost.recording ?? sum.recording,
      calls: sum.calls + cost.calls,
      recordedCostUsd: sum.recordedCostUsd + cost.recordedCostUsd,
    }),
    noCost,
  );
}
