import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../core/index.ts';
import type { ChatCost, ChatModel, ChatRequest, ChatResponse } from './chat.ts';
import { noChatCost, sumCosts } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import { abortedCall } from './failed-call.ts';

const firstPauseMs = 50;
const longestPauseMs = 200;
/** A provider that wants to be left alone for longer is down, as far as one decision is concerned. */
const longestRetryAfterMs = 60_000;

/** Somebody who watches should be told of a pause as long as this. */
const noteworthyPauseMs = 2_000;

/** Hears of a long pause before it begins; `status` is what the provider said, where it said anything. */
export type OnPause = (provider: string, ms: number, status: number | null) => void;

/**
 * Asks again, up to `retries` times, when the failure says that this may help. Between tries it waits as long as the provider
 * asks (up to a minute), else up to 50 ms, doubling up to 200 ms, at least half of that. An answer of which pieces were
 * handed out is not begun anew. After a question that no try could save, each next one gets a
 * single try until one succeeds: a desk must not wait for a dead provider on every bar. What failed tries are billed with counts
 * to how the question ends.
 */
export function withRetry(
  retries: number,
  random: Random,
  next: ChatModel,
  onPause: OnPause = () => undefined,
): ChatModel {
  let down = false;
  return {
    async chat(request, call) {
      let wasted = noChatCost;
      for (let tries = 1; ; tries++) {
        try {
          const response = await next.chat(request, call);
          down = false;
          return tries === 1 ? response : afterTries(response, wasted);
        } catch (thrown) {
          if (!(thrown instanceof ChatError)) throw givenUp(request, call?.signal, wasted, thrown);
          wasted = sumCosts([wasted, thrown.spent]);
          if (!thrown.retryable) throw tries === 1 ? thrown : thrown.with({ spent: wasted });
          const backOffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
          const pauseMs = thrown.retryAfterMs ?? backOffMs * (0.5 + random() / 2);
          if (thrown.shown || down || tries > retries || pauseMs > longestRetryAfterMs) {
            down = true;
            const message = `${thrown.message} (${tries} tries)`;
            throw tries === 1 ? thrown : thrown.with({ message, spent: wasted });
          }
          if (pauseMs >= noteworthyPauseMs) onPause(request.provider, pauseMs, thrown.status);
          await pause(pauseMs, call?.signal).catch((cause: unknown) => {
            throw givenUp(request, call?.signal, wasted, cause);
          });
        }
      }
    },
  };
}

/** One question, however many tries. */
function afterTries(response: ChatResponse, wasted: ChatCost): ChatResponse {
  const { calls } = response;
  return { ...response, ...sumCosts([wasted, response]), calls };
}

/** What was billed before the caller's time was up is not forgotten. */
function givenUp(
  request: ChatRequest,
  signal: AbortSignal | undefined,
  wasted: ChatCost,
  thrown: unknown,
): unknown {
  const ended = signal?.aborted && wasted !== noChatCost ? abortedCall(request, signal) : thrown;
  return ended instanceof ChatError ? ended.with({ spent: wasted }) : thrown;
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
