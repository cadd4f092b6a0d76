import { type ErrorDetails, OrreryError } from '../core/index.ts';
import type { ChatCost } from './chat.ts';
import { noChatCost } from './chat-cost.ts';

export type ChatErrorCode = 'provider-failed' | 'provider-refused' | 'answer-invalid' | 'budget-exceeded';

export interface ChatErrorDetails extends ErrorDetails {
  /** HTTP status, when there was one. */
  readonly status?: number | null;
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs?: number | null;
  readonly spent?: ChatCost;
  /** What the provider sent, as far as it came, redacted. */
  readonly raw?: string | null;
  /** Pieces of the answer had been handed out before it failed: nobody may start it anew. */
  readonly shown?: boolean;
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
  readonly raw: string | null;
  readonly shown: boolean;

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(code, message, details);
    this.name = 'ChatError';
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.spent = details.spent ?? noChatCost;
    this.raw = details.raw ?? null;
    this.shown = details.shown ?? false;
  }

  /** The same failure in other words, at another cost, or of an answer that was begun to be shown. */
  with(change: Pick<ChatErrorDetails, 'spent' | 'raw' | 'shown'> & { readonly message?: string }): ChatError {
    return new ChatError(this.code, change.message ?? this.message, {
      ...(this.hint === null ? {} : { hint: this.hint }),
      retryable: this.retryable,
      status: this.status,
      retryAfterMs: this.retryAfterMs,
      spent: change.spent ?? this.spent,
      raw: change.raw ?? this.raw,
      shown: change.shown ?? this.shown,
    });
  }
}
