import { z } from 'zod';
import { wallClock } from '../core/index.ts';
import type { ChatModel, ChatRequest, ChatResponse, FinishReason } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { excerpt } from './excerpt.ts';
import type { Redact } from './redact.ts';

export interface OpenAiCompatibleOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** The whole address, `/chat/completions` included. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly redact: Redact;
}

/**
 * A server that speaks OpenAI's chat completions: most gateways, Ollama, OpenRouter, Mistral, DeepSeek, xAI.
 * One try, neither timed nor priced: that is wrapped around it. What comes back is redacted, errors included.
 */
export function createOpenAiCompatible(options: OpenAiCompatibleOptions): ChatModel {
  return {
    async chat(request, call) {
      const { status, retryAfter, body } = await post(options, request, call?.signal);
      if (status < 200 || status >= 300) throw httpError(options, status, retryAfter, body);
      return readCompletion(options, request, body);
    },
  };
}

async function post(options: OpenAiCompatibleOptions, request: ChatRequest, signal?: AbortSignal) {
  try {
    const response = await fetch(options.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify(requestBody(request)),
      // A redirect could lead the key and the prompt off the configured host.
      redirect: 'manual',
      ...(signal === undefined ? {} : { signal }),
    });
    const retryAfter = response.headers.get('retry-after');
    // Before it is decoded, which would take the backslashes out of a key that was pasted in as it stands.
    const body = options.redact(await response.text());
    return { status: response.status, retryAfter, body };
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    throw new ChatError(
      'provider-failed',
      `${options.name} could not be reached or broke off (${networkReason(thrown, options.redact)})`,
      { hint: 'Check that the server is running and that baseUrl is right.', retryable: true },
    );
  }
}

function requestBody(request: ChatRequest) {
  return {
    model: request.model,
    messages: request.messages,
    stream: false,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxTokens === null ? {} : { max_tokens: request.maxTokens }),
    ...(request.schema === null
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { ...request.schema, strict: true } } }),
  };
}

const tokens = z.number().int().nonnegative();
const textPart = z.object({ type: z.string(), text: z.string().optional() });

const completion = z.object({
  model: z.string().min(1).nullish(),
  choices: z
    .array(
      z.object({
        message: z.object({
          // Mistral's reasoning models send parts; those of type `thinking` carry no text of the answer.
          content: z.union([z.string(), z.array(textPart)]).nullish(),
          refusal: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

const upstreamError = z.object({
  error: z.union([
    z.string(),
    z.object({ message: z.string(), code: z.union([z.string(), z.number()]).nullish() }),
  ]),
});

function readCompletion(options: OpenAiCompatibleOptions, request: ChatRequest, body: string): ChatResponse {
  const json = parseJson(body);
  const parsed = completion.safeParse(json);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined) {
    // OpenRouter reports an upstream's failure with status 200 and the real status as the error's code.
    const code = Number(errorOf(json)?.code);
    if (code >= 400 && code < 600) throw httpError(options, code, null, body);
    throw new ChatError(
      'provider-failed',
      `${options.name} answered something that is not a chat completion: ${said(body, options.redact)}`,
      { hint: 'Check that baseUrl points at an OpenAI-compatible API.', retryable: false, status: 200 },
    );
  }
  if (choice.finish_reason === 'error') throw httpError(options, 502, null, body);
  const { refusal, content } = choice.message;
  const text = refusal || (typeof content === 'string' ? content : joinParts(content ?? []));
  return {
    text: options.redact(text),
    toolCalls: [],
    finishReason: refusal ? 'refusal' : finishReasonOf(choice.finish_reason ?? 'stop'),
    provider: request.provider,
    model: request.model,
    answeredBy: options.redact(parsed.data.model ?? request.model),
    promptTokens: parsed.data.usage?.prompt_tokens ?? 0,
    responseTokens: parsed.data.usage?.completion_tokens ?? 0,
    cachedPromptTokens: 0,
    cacheWriteTokens: 0,
    latencyMs: 0,
    costUsd: 0,
    recordedCostUsd: 0,
    calls: 1,
    recording: null,
    recorded: false,
  };
}

function joinParts(parts: readonly z.infer<typeof textPart>[]): string {
  return parts.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
}

function finishReasonOf(written: string): FinishReason {
  if (written === 'stop' || written === 'length') return written;
  return written === 'content_filter' ? 'refusal' : 'other';
}

function httpError(
  options: OpenAiCompatibleOptions,
  status: number,
  retryAfter: string | null,
  body: string,
): ChatError {
  return new ChatError(
    'provider-failed',
    `${options.name} answered ${status}: ${said(body, options.redact)}`,
    {
      hint: hintFor(status, options.name),
      retryable: status === 408 || status === 429 || status >= 500,
      status,
      retryAfterMs: retryAfterMs(retryAfter),
    },
  );
}

function hintFor(status: number, provider: string): string {
  if (status === 401 || status === 403)
    return `Check the key that llm.providers.${provider}.apiKeyEnv names.`;
  if (status === 404) return `Check llm.providers.${provider}.baseUrl and the profile's model.`;
  if (status === 429) return 'Wait, or ask the provider for a higher limit.';
  if (status >= 500) return "The fault is the provider's; try again later.";
  if (status >= 300 && status < 400) return `Write the final address into llm.providers.${provider}.baseUrl.`;
  return 'The provider refuses the request as it stands; its words say why.';
}

/** `retry-after` is whole seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - wallClock.now());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(json: unknown) {
  const error = upstreamError.safeParse(json).data?.error;
  return typeof error === 'string' ? { message: error, code: null } : error;
}

/** The provider's own words on what went wrong, short and redacted. */
function said(body: string, redact: Redact): string {
  const words = excerpt(redact(errorOf(parseJson(body))?.message ?? body));
  return words === '' ? 'nothing' : `"${words}"`;
}

function networkReason(thrown: unknown, redact: Redact): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (!(cause instanceof Error)) return 'network failure';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const words = code === '' || code.startsWith('UND_ERR') ? `${cause.message} ${code}` : code;
  return excerpt(redact(words), 80);
}
