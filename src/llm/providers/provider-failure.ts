import { wallClock } from '../../core/index.ts';
import type { ChatCost } from '../chat.ts';
import { noChatCost } from '../chat-cost.ts';
import { ChatError, type ChatErrorDetails } from '../chat-error.ts';
import { excerpt } from '../excerpt.ts';
import type { Redact } from '../redact.ts';
import { parseJson } from './parse-json.ts';
import type { ProviderOptions } from './provider-options.ts';
import { streamRecord } from './stream-record.ts';

type Named = Pick<ProviderOptions, 'name' | 'redact' | 'keyHint'>;

/** Of what a provider sent, as much as is worth keeping. */
const longestRaw = 20_000;

/** A status that is not 2xx, with the provider's own words. */
export function httpFailure(
  { name, redact, keyHint }: Named,
  answer: { readonly status: number; readonly body: string; readonly retryAfterMs?: number | null },
): ChatError {
  const { status, body } = answer;
  return new ChatError('provider-failed', `${name} answered ${status}: ${said(body, redact)}`, {
    hint: hintFor(status, name, keyHint),
    retryable: isRetryable(status) && !isSpent(body),
    status,
    retryAfterMs: answer.retryAfterMs ?? null,
    raw: rawOf(body, redact),
  });
}

function isRetryable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** OpenAI answers 429 to an account without money as well, which waiting does not fill. */
function isSpent(body: string): boolean {
  const error = errorIn(parseJson(body));
  return [fieldOf(error, 'code'), fieldOf(error, 'type')].includes('insufficient_quota');
}

/** Failures that come with status 200, in a stream for instance, by what they are called. */
const statusOfType = new Map(
  Object.entries({
    invalid_request_error: 400,
    authentication_error: 401,
    permission_error: 403,
    not_found_error: 404,
    rate_limit_error: 429,
    rate_limit_exceeded: 429,
    insufficient_quota: 429,
    api_error: 500,
    server_error: 500,
    timeout_error: 504,
    overloaded_error: 529,
  }),
);

/** A failure that came with status 200, the real one within: OpenRouter's and Google's as a code, others' as a type. Null when there is none. */
export function reportedFailure(named: Named, json: unknown, body: string): ChatError | null {
  const error = errorIn(json);
  if (error === undefined || error === null) return null;
  const code = Number(fieldOf(error, 'code'));
  const called = ['type', 'code'].map((field) => statusOfType.get(String(fieldOf(error, field))));
  const status = code >= 400 && code < 600 ? code : (called[0] ?? called[1]);
  return status === undefined ? null : httpFailure(named, { status, body });
}

/** Any error in a body, or in an event, of an answer in this protocol: one that is called by nothing we know is worth another try. */
export function statedFailure(named: Named, json: unknown): ChatError | null {
  const error = errorIn(json) ?? bareError(json);
  if (!error) return null;
  const words = JSON.stringify({ error: fieldOf(error, 'error') ?? error });
  return reportedFailure(named, parseJson(words), words) ?? brokenAnswer(named, 'gave up its answer', words);
}

/** One that stands there by itself, as some servers send it into a stream. */
function bareError(json: unknown): unknown {
  const isChunk = fieldOf(json, 'choices') !== undefined || typeof fieldOf(json, 'message') !== 'string';
  return isChunk ? null : json;
}

/** Status 200, and a body that is no answer in this protocol: asking again cannot help. */
export function wrongShape({ name, redact }: Named, body: string): ChatError {
  return new ChatError(
    'provider-failed',
    `${name} answered something that is not a chat completion: ${said(body, redact)}`,
    {
      ...{ hint: `Check that llm.providers.${name} has the right kind and baseUrl.`, retryable: false },
      ...{ status: 200, raw: rawOf(body, redact) },
    },
  );
}

/** An answer that began well and is not whole, or is garbled. Where it was cut off, a key may have been cut in two. */
export function brokenAnswer({ name, redact }: Named, what: string, body: string): ChatError {
  const sure = redact.begin().push(body);
  return new ChatError('provider-failed', `${name} ${what}: ${said(sure, redact)}`, {
    ...{ hint: 'The connection may have been cut; ask again.', retryable: true },
    ...{ status: 200, raw: sure.slice(0, longestRaw) },
  });
}

/** The same of an event stream, whose words stand in pieces and tell little. */
export function brokenStream({ name, redact }: Named, what: string, body: string): ChatError {
  return new ChatError('provider-failed', `${name} ${what}`, {
    ...{ hint: 'The connection may have been cut; ask again.', retryable: true },
    ...{ status: 200, raw: streamRecord(redact, body).slice(0, longestRaw) },
  });
}

/** A body without end: nobody needs so long an answer, and the next would be as long. */
export function tooLarge({ name }: Named, what: string): ChatError {
  return new ChatError('provider-failed', `${name} sent ${what}`, {
    ...{ hint: `Check that llm.providers.${name}.baseUrl leads to a model.`, retryable: false, status: 200 },
  });
}

/** An answer that claims to be whole and says nothing. Its tokens are spent. */
export function emptyAnswer({ name }: Pick<Named, 'name'>, usage: Partial<ChatCost>): ChatError {
  return new ChatError('answer-invalid', `${name} gave an empty answer`, {
    hint: 'Ask again, or ask another model.',
    ...{ retryable: true, status: 200, spent: { ...noChatCost, ...usage } },
  });
}

/** The network's failure: before an answer, or in its middle; `raw` is what had come, redacted. */
export function networkFailure({ name, redact }: Named, thrown: unknown, raw: string | null): ChatError {
  const details: ChatErrorDetails = raw === null || raw === '' ? {} : { raw };
  return new ChatError(
    'provider-failed',
    `${name} could not be reached or broke off (${networkReason(thrown, redact)})`,
    { hint: 'Check that the server is running and that baseUrl is right.', retryable: true, ...details },
  );
}

/** Redacted before it is cut: of a key cut in two, half would stay. */
export function rawOf(body: string, redact: Redact): string {
  return redact(body).slice(0, longestRaw);
}

/** `retry-after-ms`, else `retry-after`: whole seconds or an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: Headers): number | null {
  const ms = headers.get('retry-after-ms');
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms.trim())) return Number(ms);
  const header = headers.get('retry-after');
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - wallClock.now());
}

function hintFor(status: number, provider: string, keyHint: string | undefined): string {
  if (status === 401 || status === 403) return keyHint ?? `Check the key of llm.providers.${provider}.`;
  if (status === 404) return `Check llm.providers.${provider}.baseUrl and the profile's model.`;
  if (status === 429) return 'Wait, or ask the provider for a higher limit.';
  if (status >= 500) return "The fault is the provider's; try again later.";
  if (status >= 300 && status < 400) return `Write the final address into llm.providers.${provider}.baseUrl.`;
  return 'The provider refuses the request as it stands; its words say why.';
}

/** The provider's own words on what went wrong, short and redacted. */
function said(body: string, redact: Redact): string {
  const words = excerpt(redact(messageOf(parseJson(body)) ?? body));
  return words === '' ? 'nothing' : `"${words}"`;
}

/** In `{"error":{"message"}}` or `{"error":"…"}`, as all of them write it. */
function messageOf(json: unknown): string | null {
  const error = errorIn(json);
  const message = typeof error === 'string' ? error : fieldOf(error, 'message');
  return typeof message === 'string' ? message : null;
}

function errorIn(json: unknown): unknown {
  return fieldOf(Array.isArray(json) ? json[0] : json, 'error');
}

/** A field of something that may be an object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { [key: string]: unknown })[name]
    : undefined;
}

function networkReason(thrown: unknown, redact: Redact): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (!(cause instanceof Error)) return 'network failure';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const words = code === '' || code.startsWith('UND_ERR') ? `${cause.message} ${code}` : code;
  return excerpt(redact(words), 80);
}
