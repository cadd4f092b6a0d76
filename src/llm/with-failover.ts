import type { ChatModel, ChatRequest, ChatResponse } from './chat.ts';
import { sumCosts } from './chat-cost.ts';
import { ChatError } from './chat-error.ts';
import type { UsableProfile } from './resolve-profile.ts';

/**
 * Asks the routes of a request in turn until one answers; `provider` and `model` of the answer say which. A refusal is an
 * answer. What has been shown in part is not begun anew elsewhere, and a question that was given up is not passed on.
 * @throws ChatError the one failure, or, when several routes failed, one that names each of them.
 */
export function withFailover(
  routesOf: (request: ChatRequest) => readonly UsableProfile[],
  next: ChatModel,
): ChatModel {
  return {
    async chat(request, call) {
      const failures: ChatError[] = [];
      for (const { name: profile, ...route } of routesOf(request)) {
        try {
          const response = await next.chat({ ...request, ...route, profile }, call);
          return failures.length === 0 ? response : afterFailures(response, failures);
        } catch (thrown) {
          if (!(thrown instanceof ChatError) || thrown.code !== 'provider-failed') throw thrown;
          failures.push(thrown);
          if (thrown.shown || call?.signal?.aborted) break;
        }
      }
      throw allFailed(failures);
    },
  };
}

/** One question, whoever answered it in the end; what failed before took time and perhaps money. */
function afterFailures(response: ChatResponse, failures: readonly ChatError[]): ChatResponse {
  const spent = sumCosts([...failures.map((failure) => failure.spent), response]);
  return { ...response, ...spent, calls: response.calls, turnedAway: 0 };
}

function allFailed(failures: readonly ChatError[]): ChatError {
  const last = failures[failures.length - 1]!;
  if (failures.length === 1) return last;
  const sum = sumCosts(failures.map((failure) => failure.spent));
  const calls = sum.calls > 0 ? 1 : 0;
  const spent = { ...sum, calls, turnedAway: 1 - calls };
  return last.with({ message: failures.map(({ message }) => message).join('; then '), spent });
}
