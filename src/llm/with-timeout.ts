import { setMaxListeners } from 'node:events';
import type { ChatModel } from './chat.ts';
import { ChatError } from './chat-error.ts';

/**
 * Gives one try at most `timeoutMs`, and gives it up when the caller aborts, even if the try itself heeds no signal: a `fetch` whose body
 * cannot be decoded does not. A try that is over hands out nothing more, since another may have begun. Its timer and listener go with
 * the call: signals made by `AbortSignal.timeout` would pile up.
 */
export function withTimeout(timeoutMs: number, next: ChatModel): ChatModel {
  return {
    async chat(request, call) {
      const signal = call?.signal;
      signal?.throwIfAborted();
      const controller = new AbortController();
      let shown = false;
      let over = false;
      const onText =
        call?.onText &&
        ((piece: string) => {
          if (over || controller.signal.aborted) return;
          shown = true;
          call.onText?.(piece);
        });
      const passOn = () => controller.abort(signal?.reason);
      // A run has one signal for all its questions, and Node takes more than ten listeners for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', passOn, { once: true });
      const timer = setTimeout(() => {
        const message = `${request.provider} gave no answer within ${timeoutMs} ms`;
        const hint = `Raise llm.providers.${request.provider}.timeoutMs, or look why the server is slow.`;
        controller.abort(new ChatError('provider-failed', message, { hint, retryable: true, shown }));
      }, timeoutMs);
      try {
        return await Promise.race([
          next.chat(request, { ...call, onText, signal: controller.signal }),
          rejectedBy(controller.signal),
        ]);
      } finally {
        over = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', passOn);
      }
    },
  };
}

/** Rejects with the signal's reason; never resolves. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
