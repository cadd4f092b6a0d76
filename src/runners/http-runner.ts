import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, firstLineOf, type JsonValue, OrreryError } from '../core/index.ts';
import type { Answer, Runner, Turn } from '../ensemble/index.ts';
import { type Environment, excerpt } from '../llm/index.ts';
import { type HideSecrets, hideSecrets } from './hide-secrets.ts';
import { orAborted } from './or-aborted.ts';
import { readAnswer } from './read-answer.ts';
import { scopeText } from './scope-text.ts';

export interface HttpPorts {
  readonly environment: Environment;
}

/** Those that the connection itself makes. */
const madeHeaders =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer)$/i;

const headerText = /^[\t\x20-\x7e]*$/;

const headerValue = z.union([
  z.string().min(1).max(8_000).regex(headerText),
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .describe('the name of an environment variable'),
    prefix: z
      .string()
      .max(100)
      .regex(headerText)
      .describe("a text before the variable's value, e.g. 'Bearer '")
      .optional(),
  }),
]);

const settings = z.strictObject({
  url: z
    .string()
    .max(2_000)
    .refine(isSafeUrl)
    .describe(
      'a URL that begins with https:// (on this machine also http://), without a user name or password',
    ),
  method: z.enum(['GET', 'POST', 'PUT']).describe('GET, POST or PUT').default('POST'),
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/)
        .refine((name) => !madeHeaders.test(name)),
      headerValue.describe('a text, or { env: VARIABLE }'),
    )
    .describe('headers by name, each a text or { env: VARIABLE }')
    .default({}),
  maxResponseBytes: z
    .int()
    .min(1)
    .max(100_000_000)
    .describe('a whole number of bytes from 1 to 100000000')
    .default(1_000_000),
});

type Settings = z.infer<typeof settings>;

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** A service that is sent what the turn is about as JSON, and answers with its output. */
export function createHttpRunner({ environment }: HttpPorts): Runner<Settings> {
  return {
    kind: 'http',
    settings,
    prepare(given, { agent }) {
      const headers = headersOf(given.headers, environment, agent);
      if (headers instanceof OrreryError) {
        return { answer: () => Promise.reject(headers), unusable: headers.message };
      }
      const { host } = new URL(given.url);
      const service: Service = { given, headers, host, secrets: hideSecrets(secretsIn(headers)) };
      return {
        answer: (turn) => answerOverHttp(service, turn),
        content: () => canonicalJson({ kind: 'http', ...given, headers: hashOf(headers) }),
      };
    },
  };
}

type Headers = { readonly [name: string]: string };

interface Service {
  readonly given: Settings;
  readonly headers: Headers;
  /** All of the URL that errors show: a path or query may be secret. */
  readonly host: string;
  readonly secrets: HideSecrets;
}

/** The error instead when a variable is not set: an agent that stands in can do without. */
function headersOf(
  written: Settings['headers'],
  environment: Environment,
  agent: string,
): Headers | OrreryError {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(written)) {
    if (typeof value === 'string') {
      headers[name.toLowerCase()] = value;
      continue;
    }
    const text = environment[value.env]?.trim() ?? '';
    if (text === '') return unset(`$${value.env}, which header ${name} needs, is not set`, agent);
    if (!headerText.test(text)) {
      return unset(`$${value.env} holds line breaks or characters outside ASCII, which no header has`, agent);
    }
    headers[name.toLowerCase()] = `${value.prefix ?? ''}${text}`;
  }
  return headers;
}

function unset(message: string, agent: string): OrreryError {
  return new OrreryError('agent-failed', message, { hint: `Set it where agent \`${agent}\` is run.` });
}

/** Everything but what every client says of itself; of `Bearer KEY` also the key alone. */
function secretsIn(headers: Headers): readonly string[] {
  const told = Object.entries(headers).filter(
    ([name]) => !/^(?:accept(?:-.*)?|content-type|user-agent)$/.test(name),
  );
  return told.flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')]);
}

function hashOf(headers: Headers): string {
  return createHash('sha256').update(canonicalJson(headers)).digest('hex');
}

async function answerOverHttp(service: Service, { scope, signal }: Turn): Promise<Answer> {
  const body = scopeText(scope);
  const request = new AbortController();
  try {
    const output = await orAborted(signal, () => exchange(service, body, request.signal));
    return { output };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw thrown instanceof OrreryError ? thrown : unreachable(service, thrown);
  } finally {
    // Also ends a body of which enough was read.
    request.abort();
  }
}

async function exchange(service: Service, body: string, signal: AbortSignal): Promise<JsonValue> {
  const response = await send(service, body, signal);
  const bytes = await readBody(service, response);
  if (!response.ok) throw refused(service, response, bytes);
  const json = /^[^;]*[/+]json\s*(?:;|$)/i.test(response.headers.get('content-type') ?? '');
  const who = `${service.host} answered`;
  return readAnswer({ bytes, format: json ? 'json' : 'text', who, secrets: service.secrets });
}

/** A redirect is not followed: it could lead what is sent, and the headers, off the host that was named. */
function send({ given, headers }: Service, body: string, signal: AbortSignal): Promise<Response> {
  const { url, method } = given;
  const usual = { accept: 'application/json, text/plain;q=0.9, */*;q=0.5', 'user-agent': 'orrery' };
  return fetch(url, {
    ...{ method, signal, redirect: 'manual' },
    ...(method === 'GET'
      ? { headers: { ...usual, ...headers } }
      : {
          headers: { ...usual, 'content-type': 'application/json', ...headers },
          body,
        }),
  });
}

async function readBody({ given, host }: Service, response: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > given.maxResponseBytes) {
      throw new OrreryError(
        'agent-failed',
        `${host} answered with more than ${given.maxResponseBytes} bytes`,
        {
          hint: 'Ask for less, or raise its maxResponseBytes.',
        },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function refused({ host, secrets }: Service, { status, headers }: Response, bytes: Uint8Array): OrreryError {
  if (status < 400) {
    const place = headers.get('location');
    const where = place !== null && URL.canParse(place) ? ` to ${new URL(place).host}` : '';
    return new OrreryError('agent-failed', `${host} answered ${status} and leads elsewhere${where}`, {
      hint: 'Redirects are not followed; write the address it leads to.',
    });
  }
  const body = excerpt(secrets.inText(Buffer.from(bytes).toString('utf8')));
  return new OrreryError('agent-failed', `${host} answered ${status}${body === '' ? '' : `: ${body}`}`, {
    hint:
      status < 500
        ? 'Look at its url, its headers and what it is sent.'
        : 'The service itself failed; try again later.',
    retryable: status >= 500 || [408, 425, 429].includes(status),
  });
}

function unreachable({ host, secrets }: Service, thrown: unknown): OrreryError {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = firstLineOf(cause) || code || 'no answer';
  return new OrreryError('agent-failed', `${host} cannot be reached: ${excerpt(secrets.inText(words))}`, {
    hint: 'Check the address, and that the service runs.',
    retryable: true,
  });
}
