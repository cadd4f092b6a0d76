import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../core/index.ts';
import type { ChatModel } from './chat.ts';
import { ChatError } from './chat-error.ts';

const firstPauseMs = 50;
const longestPauseMs = 200;
/** A provider that wants to be left alone for longer is down, as far as one decision is concerned. */
const longestRetryAfterMs = 60_000;

/**
 * Asks again, up to `retries` times, when the failure says that this may help. Between tries it waits as long as the provider
 * asks (up to a minute), else up to 50 ms, doubling up to 200 ms, at least half of that. An answer of which pieces were
 * handed out is not begun anew. After a question that no try could save, each next one gets a
 * single try until one succeeds: a desk must not wait for a dead provider on every bar.
 */
export function withRetry(retries: number, random: Random, next: ChatModel): ChatModel {
  let down = false;
  return {
    async chat(request, call) {
      for (let tries = 1; ; tries++) {
        try {
          const response = await next.chat(request, call);
          down = false;
          return response;
        } catch (thrown) {
          if (!(thrown instanceof ChatError) || !thrown.retryable) throw thrown;
          const backOffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
          const pauseMs = thrown.retryAfterMs ?? backOffMs * (0.5 + random() / 2);
          if (thrown.shown || down || tries > retries || pauseMs > longestRetryAfterMs) {
            down = true;
            throw tries === 1 ? thrown : thrown.with({ message: `${thrown.message} (${tries} tries)` });
          }
          await pause(pauseMs, call?.signal);
        }
      }
    },
  };
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
