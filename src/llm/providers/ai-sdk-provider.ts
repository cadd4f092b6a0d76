import type {
  EmbeddingModelV3,
  LanguageModelV3,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3ToolCall,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import type { ChatCall, ChatRequest, ChatResponse, FinishReason, Provider } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import { redactPieces } from '../redact-pieces.ts';
import { aiSdkFailure } from './ai-sdk-failure.ts';
import { aiSdkRequest, type KindOptions } from './ai-sdk-request.ts';
import { chatAnswer, type ReadAnswer, type WrittenToolCall } from './chat-answer.ts';
import { type Exchange, isEventStream, openExchange, type PatienceInBody, readAll } from './exchange.ts';
import { parseAnswer } from './parse-answer.ts';
import { brokenAnswer, rawOf } from './provider-failure.ts';
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
}

/**
 * A provider whose protocol the AI SDK speaks, through its language models alone: of its layers above them we use none. One try, as
 * of every adapter; the same redaction, refusal of redirects and failures.
 */
export function createAiSdkProvider(options: ProviderOptions, kind: AiSdkKind): Provider {
  return {
    async chat(request, call) {
      const exchange = openExchange(options, call?.signal, kind.patienceInBody);
      const model = kind.languageModel(settingsOf(options, exchange, request), request.model);
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

function settingsOf(options: ProviderOptions, exchange: Exchange, request?: ChatRequest): AiSdkSettings {
  let calls = 0;
  return {
    baseURL: options.baseUrl,
    // Without one the packages look for their own variable.
    apiKey: options.apiKey ?? 'none',
    fetch: (url, init = {}) => fetchThrough(options, exchange, String(url), init),
    // The same in every run, and no two alike in one conversation.
    generateId: () => `call-${request?.messages.length ?? 0}-${++calls}`,
  };
}

async function fetchThrough(
  options: ProviderOptions,
  exchange: Exchange,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const response = await exchange.send(url, init);
  const { status, headers } = response;
  if (isEventStream(response)) {
    return new Response(ReadableStream.from(exchange.bytesOf(response)), { status, headers });
  }
  const body = await readAll(options, exchange, response);
  parseAnswer(options, body);
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
    throw aiSdkFailure(options, thrown, exchange.body);
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
      if (value.type === 'error') throw aiSdkFailure(options, value.error, exchange.body);
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
  let answeredBy: string | null = null;
  let finish: Pick<Given, 'finishReason' | 'usage'> | null = null;
  try {
    for await (const part of parts) {
      if (part.type === 'text-delta') pieces.push(part.delta);
      else if (part.type === 'tool-call') toolCalls.push(...writtenCalls(part));
      else if (part.type === 'response-metadata') answeredBy = part.modelId ?? answeredBy;
      else if (part.type === 'finish') finish = part;
    }
    if (finish === null) throw brokenAnswer(options, 'broke off its answer', exchange.body);
    const answer = answerOf(options, kind, request, exchange, { ...finish, text: '', toolCalls, answeredBy });
    pieces.end();
    return { ...answer, text: pieces.text };
  } catch (thrown) {
    if (!(thrown instanceof ChatError)) throw thrown;
    throw thrown.with({ raw: rawOf(exchange.body, options.redact), shown: pieces.text !== '' });
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
  const { unified, raw } = given.finishReason;
  // The SDK calls a stream that ended by itself finished too, for no reason it knows of.
  if (unified === 'other' && raw === undefined) {
    throw brokenAnswer(options, 'broke off its answer', exchange.body);
  }
  if (unified === 'error') throw brokenAnswer(options, 'gave up its answer', exchange.body);
  const read: ReadAnswer = {
    text: given.text,
    toolCalls: given.toolCalls,
    finishReason: finishReasons[unified],
    answeredBy: given.answeredBy ?? kind.answeredBy?.(exchange.body) ?? null,
    usage: usageOf(given.usage),
  };
  return chatAnswer(options, request, read, exchange.body);
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
