import type {
  EmbeddingModelV3,
  LanguageModelV3,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3ToolCall,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import type { JsonValue } from '../../core/index.ts';
import type { ChatCall, ChatRequest, ChatResponse, FinishReason, Provider } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import { redactPieces } from '../redact-pieces.ts';
import { aiSdkFailure } from './ai-sdk-failure.ts';
import { aiSdkRequest, type KindOptions } from './ai-sdk-request.ts';
import { billed } from './billed.ts';
import { chatAnswer, type ReadAnswer, type WrittenToolCall } from './chat-answer.ts';
import { type Exchange, isEventStream, openExchange, type PatienceInBody, readAll } from './exchange.ts';
import { parseAnswer } from './parse-answer.ts';
import type { ProviderOptions } from './provider-options.ts';
import { vectorsOf } from './vectors.ts';

/** What a package of the AI SDK is created with, so that it looks into no variable of the environment by itself. */
export interface AiSdkSettings {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  /** For calls of tools that have no id on the wire. */
  readonly generateId: () => string;
}

/** One of the AI SDK's packages. */
export interface AiSdkKind {
  readonly languageModel: (settings: AiSdkSettings, model: string) => LanguageModelV3;
  readonly embeddingModel?: (settings: AiSdkSettings, model: string) => EmbeddingModelV3;
  readonly options?: KindOptions;
  readonly patienceInBody?: PatienceInBody;
  /** The model's name in a body, where the SDK does not pass it on. */
  readonly answeredBy?: (body: string) => string | null;
  /** Whether a body says of itself that there is more to come, which the SDK overlooks. */
  readonly isUnfinished?: (body: JsonValue) => boolean;
}

/**
 * A provider whose protocol the AI SDK speaks, through its language models alone: of its layers above them we use none. One try, as
 * of every adapter; the same redaction, refusal of redirects and failures.
 */
export function createAiSdkProvider(options: ProviderOptions, kind: AiSdkKind): Provider {
  return {
    async chat(request, call) {
      const exchange = openExchange(options, call?.signal, kind.patienceInBody);
      const model = kind.languageModel(
        settingsOf(options, exchange, request, kind.isUnfinished),
        request.model,
      );
      const asked = { ...aiSdkRequest(request, kind.options ?? {}), ...signalOf(call) };
      if (call?.onText !== undefined) {
        const parts = streamed(options, exchange, call, async () => (await model.doStream(asked)).stream);
        return await readParts(options, kind, request, exchange, parts, call.onText);
      }
      const result = await reading(options, exchange, call, () => model.doGenerate(asked));
      const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const toolCalls = result.content.flatMap((part) =>
        part.type === 'tool-call' ? writtenCalls(part) : [],
      );
      const answeredBy = result.response?.modelId ?? null;
      return answerOf(options, kind, request, exchange, { ...result, text, toolCalls, answeredBy });
    },
    ...(kind.embeddingModel === undefined ? {} : { embed: embedWith(options, kind, kind.embeddingModel) }),
  };
}

function signalOf(call: Pick<ChatCall, 'signal'> | undefined) {
  return call?.signal === undefined ? {} : { abortSignal: call.signal };
}

function settingsOf(
  options: ProviderOptions,
  exchange: Exchange,
  request?: ChatRequest,
  isUnfinished?: AiSdkKind['isUnfinished'],
): AiSdkSettings {
  let calls = 0;
  return {
    baseURL: options.baseUrl,
    // Without one the packages look for their own variable.
    apiKey: options.apiKey ?? 'none',
    fetch: (url, init = {}) => fetchThrough(options, exchange, String(url), init, isUnfinished),
    // The same in every run, and no two alike in one conversation.
    generateId: () => `call-${request?.messages.length ?? 0}-${++calls}`,
  };
}

/** The packages insist on a key; a server that needs none is not to be shown one that is not. */
function withoutKey(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  for (const name of ['authorization', 'x-api-key', 'x-goog-api-key']) headers.delete(name);
  return { ...init, headers };
}

async function fetchThrough(
  options: ProviderOptions,
  exchange: Exchange,
  url: string,
  init: RequestInit,
  isUnfinished?: AiSdkKind['isUnfinished'],
): Promise<Response> {
  const response = await exchange.send(url, options.apiKey === null ? withoutKey(init) : init);
  const { status, headers } = response;
  if (isEventStream(response)) {
    return new Response(ReadableStream.from(exchange.bytesOf(response)), { status, headers });
  }
  const body = await readAll(options, exchange, response);
  if (isUnfinished?.(parseAnswer(options, body)) === true) throw exchange.broken('broke off its answer');
  return new Response(body, { status, headers });
}

/** @throws ChatError whatever the SDK throws, except when the caller gave up */
async function reading<Result>(
  options: ProviderOptions,
  exchange: Exchange,
  call: Pick<ChatCall, 'signal'> | undefined,
  read: () => PromiseLike<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if (call?.signal?.aborted) throw call.signal.reason;
    throw aiSdkFailure(options, thrown, exchange);
  }
}

/** The stream's parts. Faults of whoever takes them do not pass through here. */
async function* streamed(
  options: ProviderOptions,
  exchange: Exchange,
  call: ChatCall,
  open: () => Promise<ReadableStream<LanguageModelV3StreamPart>>,
): AsyncGenerator<LanguageModelV3StreamPart> {
  const reader = (await reading(options, exchange, call, open)).getReader();
  try {
    for (;;) {
      const { done, value } = await reading(options, exchange, call, () => reader.read());
      if (done) return;
      if (value.type === 'error') throw aiSdkFailure(options, value.error, exchange);
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** An answer as the SDK gives it, in one or in parts. */
interface Given {
  readonly text: string;
  readonly toolCalls: readonly WrittenToolCall[];
  readonly answeredBy: string | null;
  readonly finishReason: LanguageModelV3FinishReason;
  readonly usage: LanguageModelV3Usage;
}

async function readParts(
  options: ProviderOptions,
  kind: AiSdkKind,
  request: ChatRequest,
  exchange: Exchange,
  parts: AsyncIterable<LanguageModelV3StreamPart>,
  onText: (piece: string) => void,
): Promise<ChatResponse> {
  const pieces = redactPieces(options.redact, onText);
  const toolCalls: WrittenToolCall[] = [];
  let text = '';
  let answeredBy: string | null = null;
  let finish: Pick<Given, 'finishReason' | 'usage'> | null = null;
  try {
    for await (const part of parts) {
      if (part.type === 'text-delta') {
        text += part.delta;
        pieces.push(part.delta);
      } else if (part.type === 'tool-call') toolCalls.push(...writtenCalls(part));
      else if (part.type === 'response-metadata') answeredBy = part.modelId ?? answeredBy;
      else if (part.type === 'finish') finish = part;
    }
    if (finish === null) throw exchange.broken('broke off its answer');
    const answer = answerOf(options, kind, request, exchange, { ...finish, text, toolCalls, answeredBy });
    pieces.end();
    return answer;
  } catch (thrown) {
    if (!(thrown instanceof ChatError)) throw thrown;
    throw thrown.with({ raw: exchange.broken('').raw, shown: pieces.text !== '' });
  }
}

/** None for a tool that the provider runs by itself. */
function writtenCalls(part: LanguageModelV3ToolCall): readonly WrittenToolCall[] {
  const { toolCallId: id, toolName: name, input, providerExecuted } = part;
  return providerExecuted === true ? [] : [{ id, name, input }];
}

function answerOf(
  options: ProviderOptions,
  kind: AiSdkKind,
  request: ChatRequest,
  exchange: Exchange,
  given: Given,
): ChatResponse {
  const usage = usageOf(given.usage);
  const broken = (what: string) => billed(exchange.broken(what), usage);
  const { unified, raw } = given.finishReason;
  // The SDK calls a stream that ended by itself finished too, for no reason it knows of.
  if (unified === 'other' && raw === undefined) {
    throw broken('broke off its answer');
  }
  if (unified === 'error') throw broken('gave up its answer');
  const read: ReadAnswer = {
    text: given.text,
    toolCalls: given.toolCalls,
    finishReason: finishReasons[unified],
    answeredBy: given.answeredBy ?? kind.answeredBy?.(exchange.body) ?? null,
    usage,
  };
  return chatAnswer(options, request, read, broken);
}

const finishReasons: { readonly [Unified in LanguageModelV3FinishReason['unified']]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'refusal',
  'tool-calls': 'tools',
  error: 'other',
  other: 'other',
};

function usageOf({ inputTokens, outputTokens }: LanguageModelV3Usage): ReadAnswer['usage'] {
  return {
    promptTokens: inputTokens.total ?? 0,
    responseTokens: outputTokens.total ?? 0,
    cachedPromptTokens: inputTokens.cacheRead ?? 0,
    cacheWriteTokens: inputTokens.cacheWrite ?? 0,
  };
}

function embedWith(
  options: ProviderOptions,
  kind: AiSdkKind,
  embeddingModel: NonNullable<AiSdkKind['embeddingModel']>,
): NonNullable<Provider['embed']> {
  return async ({ model: name, texts }, call) => {
    const vectors: Float32Array[] = [];
    let promptTokens = 0;
    for (let start = 0; start < texts.length; ) {
      const exchange = openExchange(options, call?.signal, kind.patienceInBody);
      const model = embeddingModel(settingsOf(options, exchange), name);
      const values = texts.slice(start, start + ((await model.maxEmbeddingsPerCall) ?? texts.length));
      const result = await reading(options, exchange, call, () =>
        model.doEmbed({ values, ...signalOf(call) }),
      );
      vectors.push(...vectorsOf(options, result.embeddings, values, exchange.body));
      promptTokens += result.usage?.tokens ?? 0;
      start += values.length;
    }
    return { vectors, promptTokens };
  };
}
