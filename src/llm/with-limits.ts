import { setMaxListeners } from 'node:events';
import { sinceProcessStartMs } from '../core/index.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { mostTokens } from './token-bounds.ts';

export interface Limits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

const windowMs = 60_000;

/**
 * Keeps a provider's limits: within any 60 seconds at most so many requests and so many tokens are sent. A request counts with
 * the tokens it may take at most until its answer says how many it took. What does not fit yet waits, by priority, then by age;
 * a single request above the token limit goes when nothing else has been sent for a minute.
 */
export function withLimits(
  limits: Limits,
  next: ChatModel,
  now: () => number = sinceProcessStartMs,
): ChatModel {
  const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = limits;
  if (requestsPerMinute === Number.POSITIVE_INFINITY && tokensPerMinute === Number.POSITIVE_INFINITY)
    return next;
  const sent = new SentWindow(now);
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function letThrough(): void {
    clearTimeout(timer);
    timer = undefined;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const waitMs = sent.waitMs(first.tokens, Math.max(1, Math.floor(requestsPerMinute)), tokensPerMinute);
      if (waitMs > 0) {
        timer = setTimeout(letThrough, Math.min(waitMs, windowMs));
        return;
      }
      waiting.shift();
      first.go(sent.add(first.tokens));
    }
  }

  async function turn(tokens: number, priority: number, signal: AbortSignal | undefined): Promise<Sent> {
    signal?.throwIfAborted();
    return await new Promise<Sent>((resolve, reject) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(mine), 1);
        letThrough();
        reject(signal?.reason);
      };
      const go = (moment: Sent) => {
        signal?.removeEventListener('abort', giveUp);
        resolve(moment);
      };
      const mine: Waiting = { tokens, priority, go };
      const behind = waiting.findIndex((other) => other.priority < priority);
      waiting.splice(behind < 0 ? waiting.length : behind, 0, mine);
      // A run has one signal for all its questions, and Node takes more than ten listeners for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', giveUp, { once: true });
      letThrough();
    });
  }

  return {
    async chat(request: ChatRequest, call) {
      const most = mostTokens(request);
      const moment = await turn(most, call?.priority ?? 0, call?.signal);
      const response = await next.chat(request, call);
      const taken = response.promptTokens + response.responseTokens;
      // Where the provider states no usage, the bound stays.
      if (taken > 0) sent.settle(moment, most, taken);
      if (waiting.length > 0) letThrough();
      return response;
    },
  };
}

interface Waiting {
  readonly tokens: number;
  readonly priority: number;
  readonly go: (moment: Sent) => void;
}

/** Requests of one moment. */
interface Sent {
  readonly began: number;
  /** When the last of them went: they leave the window together. */
  at: number;
  requests: number;
  tokens: number;
}

/** Long enough that a minute is few moments, short enough that nobody notices having waited for its end. */
const momentMs = 20;

/** What was sent within the last minute. */
class SentWindow {
  readonly #now: () => number;
  readonly #moments: Sent[] = [];
  #requests = 0;
  #tokens = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Until a request of so many tokens fits; 0 when it does. */
  waitMs(tokens: number, requestsPerMinute: number, tokensPerMinute: number): number {
    this.#forget();
    let requests = this.#requests;
    let held = this.#tokens;
    let leaving: Sent | undefined;
    for (const moment of this.#moments) {
      if (requests < requestsPerMinute && held + tokens <= tokensPerMinute) break;
      requests -= moment.requests;
      held -= moment.tokens;
      leaving = moment;
    }
    return leaving === undefined ? 0 : Math.max(1, leaving.at + windowMs - this.#now());
  }

  add(tokens: number): Sent {
    const at = this.#now();
    let moment = this.#moments.at(-1);
    if (moment === undefined || at - moment.began >= momentMs) {
      moment = { began: at, at, requests: 0, tokens: 0 };
      this.#moments.push(moment);
    }
    moment.at = at;
    moment.requests++;
    moment.tokens += tokens;
    this.#requests++;
    this.#tokens += tokens;
    return moment;
  }

  /** Puts what a request took in place of what it might have taken. */
  settle(moment: Sent, most: number, taken: number): void {
    this.#forget();
    if (!this.#moments.includes(moment)) return;
    moment.tokens += taken - most;
    this.#tokens += taken - most;
  }

  #forget(): void {
    const since = this.#now() - windowMs;
    while (this.#moments[0] !== undefined && this.#moments[0].at <= since) {
      const gone = this.#moments.shift()!;
      this.#requests -= gone.requests;
      this.#tokens -= gone.tokens;
    }
  }
}
