import { OrreryError, sinceProcessStartMs } from '../core/index.ts';
import type { ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';

/**
 * What was thrown, as the failure of this call, with the time it took. Gives an abort its name: the caller's own time limit is a
 * failure of the call, anything else an interrupt.
 */
export function failedCall(
  request: ChatRequest,
  signal: AbortSignal | undefined,
  startedMs: number,
  thrown: unknown,
): unknown {
  const error = thrown instanceof ChatError || !signal?.aborted ? thrown : abortedCall(request, signal);
  if (!(error instanceof ChatError)) return error;
  const { provider, model } = request;
  const latencyMs = sinceProcessStartMs() - startedMs;
  const calls = error.spent.turnedAway > 0 ? 0 : 1;
  return error.with({ spent: { ...error.spent, provider, model, latencyMs, calls } });
}

/** What it means that a caller gave up this call. */
export function abortedCall(request: ChatRequest, signal: AbortSignal): OrreryError {
  const reason: unknown = signal.reason;
  if (reason instanceof OrreryError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new ChatError(
      'provider-failed',
      `${request.provider} gave no answer within the agent's time limit`,
      {
        hint: "Raise the agent's timeoutMs, or use a faster model.",
        retryable: true,
      },
    );
  }
  return new OrreryError('interrupted', `The call to ${request.provider} was interrupted`, {
    hint: 'Continue with orrery run --resume RUN.',
  });
}
