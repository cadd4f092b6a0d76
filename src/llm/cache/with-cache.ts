import { createHash } from 'node:crypto';
import {
  type Clock,
  canonicalJson,
  type EpochMs,
  OrreryError,
  sinceProcessStartMs,
} from '../../core/index.ts';
import type { ChatCall, ChatModel, ChatRequest, ChatResponse } from '../chat.ts';
import { noChatCost } from '../chat-cost.ts';
import { ChatError } from '../chat-error.ts';
import { failedCall } from '../failed-call.ts';
import type { LlmSettings } from '../llm-settings.ts';
import { readAnswer } from '../read-answer.ts';
import { requestKey } from '../request-key.ts';
import type { AnswerStore, CachedAnswer } from './answer-store.ts';
import { pluginHash } from './plugin-hash.ts';
import { SharedCalls } from './shared-calls.ts';

export interface CacheOptions {
  readonly store: AnswerStore;
  readonly ttlMs: number;
  /** The desk's, so that a run over the past is given nothing that was said later. */
  readonly clock: Clock;
  readonly providers: LlmSettings['providers'];
}

/** How a question was answered. Neither is null where it was asked and the answer is worth keeping. */
interface Outcome {
  /** Null for what was found. */
  readonly asked: ChatResponse | null;
  readonly kept: CachedAnswer | null;
}

/**
 * Answers a question that was asked before, word for word, with what was said then, for nothing. Kept are whole answers that fit
 * their schema. The same question asked twice at a time is asked once: the first who still waits has the bill, the others the
 * answer if it is one to keep, and else they ask for themselves. A failure is everybody's.
 */
export function withCache(options: CacheOptions, next: ChatModel): ChatModel {
  const calls = new SharedCalls<Outcome>();
  const billed = new WeakSet<object>();
  /** Whether the caller is the first to be told, and so the one who pays. */
  const takeBill = (told: object): boolean => {
    const first = !billed.has(told);
    billed.add(told);
    return first;
  };
  return {
    async chat(request, call) {
      const startedMs = sinceProcessStartMs();
      const key = cacheKey(options.providers, request);
      let began = false;
      const begin = (signal: AbortSignal) => {
        began = true;
        return findOrAsk(options, next, key, request, callOfOne(call, signal));
      };
      const { asked, kept } = await calls.join(key, call?.signal, begin).catch((thrown: unknown) => {
        const mine = thrown instanceof ChatError ? heardBy(began, takeBill(thrown), thrown) : thrown;
        throw failedCall(request, call?.signal, startedMs, mine);
      });
      if (asked !== null && takeBill(asked)) {
        if (!began) call?.onText?.(asked.text);
        return asked;
      }
      if (kept === null) return await next.chat(request, call);
      call?.onText?.(kept.text);
      return hitOf(request, kept, startedMs);
    },
  };
}

/**
 * Names are each configuration's own, and a store may be shared: so what stands behind the name belongs to the key, and of a plug-in
 * what its file says.
 */
export function cacheKey(providers: LlmSettings['providers'], request: ChatRequest): string {
  const { kind, baseUrl, module } = providers[request.provider] ?? {};
  const plugin = module === undefined ? [] : [pluginHash(module)];
  const route = canonicalJson([kind ?? null, baseUrl ?? null, module ?? null, ...plugin]);
  return createHash('sha256')
    .update(`${requestKey(request)} ${route}`)
    .digest('hex');
}

async function findOrAsk(
  { store, ttlMs, clock }: CacheOptions,
  next: ChatModel,
  key: string,
  request: ChatRequest,
  call: ChatCall,
): Promise<Outcome> {
  const found = await store.find(key);
  if (found !== null && saysAnything(found) && isFresh(found, clock.now(), ttlMs) && !isOwn(found, call))
    return { asked: null, kept: found };
  const asked = await next.chat(request, call);
  if (!isWhole(request, asked)) return { asked, kept: null };
  const { text, answeredBy } = asked;
  const kept = { text, answeredBy, knownAt: clock.now(), askedFor: call.record ?? null };
  await store.keep(key, kept);
  return { asked, kept };
}

function saysAnything({ text }: Pick<CachedAnswer, 'text'>): boolean {
  return text.trim() !== '';
}

function isFresh({ knownAt }: CachedAnswer, now: EpochMs, ttlMs: number): boolean {
  return knownAt <= now && now - knownAt <= ttlMs;
}

/**
 * Kept for the very record that asks now: the run was killed between that and its checkpoint, and asks again. To take it would make
 * another hash than that of a run which was never killed.
 */
function isOwn({ askedFor }: CachedAnswer, { record }: ChatCall): boolean {
  return record !== undefined && askedFor === record;
}

/** Who has gone is shown nothing more, though others may still wait for the answer. */
function callOfOne(call: ChatCall | undefined, signal: AbortSignal): ChatCall {
  const onText = call?.onText;
  if (onText === undefined) return { ...call, signal };
  const shown = (piece: string) => {
    if (!call?.signal?.aborted) onText(piece);
  };
  return { ...call, signal, onText: shown };
}

function isWhole({ schema }: ChatRequest, { finishReason, toolCalls, text }: ChatResponse): boolean {
  if (finishReason !== 'stop' || toolCalls.length > 0 || !saysAnything({ text })) return false;
  try {
    return schema === null || readAnswer(schema, text).kind === 'fits';
  } catch (thrown) {
    // A schema that cannot be checked is for the caller to complain about.
    if (thrown instanceof OrreryError) return false;
    throw thrown;
  }
}

function hitOf({ provider, model }: ChatRequest, answer: CachedAnswer, startedMs: number): ChatResponse {
  const { text, answeredBy } = answer;
  return {
    ...noChatCost,
    ...{ provider, model, cacheHits: 1, latencyMs: sinceProcessStartMs() - startedMs },
    ...{ text, answeredBy, toolCalls: [], finishReason: 'stop', recorded: false },
  };
}

/** A failure as one of several learns of it: only who began the call was shown any of the answer. */
function heardBy(began: boolean, pays: boolean, error: ChatError): ChatError {
  return error.with({ shown: began && error.shown, ...(pays ? {} : { spent: noChatCost }) });
}
