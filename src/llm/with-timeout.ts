import type { ChatModel } from './chat.ts';
import { ChatError } from './chat-error.ts';

/** Gives one try at most `timeoutMs`. Its timer and listener go with the call: signals made by `AbortSignal.timeout` would pile up. */
export function withTimeout(timeoutMs: number, next: ChatModel): ChatModel {
  return {
    async chat(request, signal) {
      signal?.throwIfAborted();
      const controller = new AbortController();
      const passOn = () => controller.abort(signal?.reason);
      signal?.addEventListener('abort', passOn, { once: true });
      const timer = setTimeout(() => {
        const message = `${request.provider} gave no answer within ${timeoutMs} ms`;
        const hint = `Raise llm.providers.${request.provider}.timeoutMs, or look why the server is slow.`;
        controller.abort(new ChatError('provider-failed', message, { hint, retryable: true }));
      }, timeoutMs);
      try {
        return await next.chat(request, controller.signal);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', passOn);
      }
    },
  };
}
