import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OrreryError } from '../core/index.ts';
import { readGoogleEmbedding, readOpenAiEmbedding } from './fake-embeddings.ts';
import { modelList } from './fake-models.ts';
import type { FakeBrain, FakeError, FakeUsage } from './fake-reply.ts';
import type { FakeEmbeddingRequest, FakeRequest } from './fake-request.ts';
import { anthropic } from './formats/anthropic.ts';
import { google } from './formats/google.ts';
import { openAiChat } from './formats/openai-chat.ts';
import { openAiResponses } from './formats/openai-responses.ts';
import { type Exchange, problemOf, sendJson, sendProblem, sendReply, usageByLength } from './send-reply.ts';
import type { WireFormat } from './wire-format.ts';

export interface FakeProviderOptions {
  /** Where on 127.0.0.1 it listens, so that one that is started again keeps its address; 0, and so any that is free, by default. */
  readonly port?: number;
  /** What answers cost that do not say it themselves; by default a token for every four characters of prompt and answer. */
  readonly usage?: FakeUsage | ((request: FakeRequest, text: string) => FakeUsage);
  /** The models it lists, `fake-model` by default. It answers for any. */
  readonly models?: readonly string[];
  /** An error instead of vectors; `call` counts requests for embeddings, from 1. */
  readonly embeddingError?: (request: FakeEmbeddingRequest, call: number) => FakeError | null;
}

export interface FakeProvider {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `…/v1`: where OpenAI's formats and Anthropic's are spoken. */
  readonly baseUrl: string;
  /** `…/v1beta`: where Google's is. */
  readonly googleBaseUrl: string;
  /** Every question so far, oldest first. */
  readonly requests: readonly FakeRequest[];
  readonly embeddingRequests: readonly FakeEmbeddingRequest[];
  /** Changes how it answers from the next request on. */
  answerWith(brain: FakeBrain): void;
  /** Also cuts what is under way. */
  close(): Promise<void>;
}

interface Told {
  readonly options: FakeProviderOptions;
  readonly requests: FakeRequest[];
  readonly embeddingRequests: FakeEmbeddingRequest[];
  brain: FakeBrain;
}

/**
 * A server on loopback that speaks as OpenAI, Anthropic and Google do and says what `brain` tells it to, whatever the format. It knows no
 * chance and no clock: the same requests in the same order get the same bytes.
 * @throws OrreryError `port-taken`, `usage-invalid` for what is no port
 */
export async function startFakeProvider(
  brain: FakeBrain,
  options: FakeProviderOptions = {},
): Promise<FakeProvider> {
  const told: Told = { options, requests: [], embeddingRequests: [], brain };
  const server = createServer((incoming, outgoing) => {
    respond(told, incoming, outgoing).catch(() => outgoing.destroy());
  });
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    googleBaseUrl: `${origin}/v1beta`,
    requests: told.requests,
    embeddingRequests: told.embeddingRequests,
    answerWith(next) {
      told.brain = next;
    },
    close: () => close(server),
  };
}

/** @returns the port */
async function listen(server: Server, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new OrreryError('usage-invalid', `a fake provider cannot listen on port ${port}`, {
      hint: 'Give a whole number from 0 to 65535; 0 takes any that is free.',
    });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new OrreryError('port-taken', `port ${port} is already in use`, {
      hint: 'Close who listens there, or leave `port` out to take any that is free.',
      cause,
    });
  });
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A request as it is on the wire. */
interface Wire {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string };
  readonly body: { readonly [key: string]: unknown };
}

const googlePath = /^\/v1beta\/models\/([^/:]+):(\w+)$/;

async function respond(told: Told, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  );
  const models = path === '/v1/models' || path === '/v1beta/models';
  if (incoming.method === 'GET' && models) {
    sendJson(outgoing, modelList(told.options.models ?? ['fake-model'], vendorOf(path, headers)));
    return;
  }
  const format = path.startsWith('/v1beta/') ? google : (formats[path] ?? openAiChat);
  const body = incoming.method === 'POST' ? readJson(await readText(incoming)) : null;
  if (body === null) {
    const message = 'The body is not a JSON object, or the method is not POST.';
    sendProblem(outgoing, format, { kind: 'bad-request', message });
    return;
  }
  const wire = { path, query, headers, body };
  try {
    if (!(await answerEmbedding(told, wire, outgoing)) && !(await answerChat(told, wire, format, outgoing)))
      sendProblem(outgoing, format, { kind: 'not-found', message: `There is nothing at ${path}.` });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    sendProblem(outgoing, format, { kind: 'bad-request', message });
  }
}

const formats: { readonly [path: string]: WireFormat } = {
  '/v1/chat/completions': openAiChat,
  '/v1/responses': openAiResponses,
  '/v1/messages': anthropic,
};

function vendorOf(path: string, headers: Wire['headers']): 'openai' | 'anthropic' | 'google' {
  if (path.startsWith('/v1beta/')) return 'google';
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function readJson(text: string): Wire['body'] | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null;
  } catch {
    return null;
  }
}

function apiKeyOf({ headers, query }: Wire): string | null {
  const bearer = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1];
  return headers['x-api-key'] ?? headers['x-goog-api-key'] ?? query.get('key') ?? bearer ?? null;
}

/** False when the path is another's. */
async function answerChat(
  { requests, brain, options }: Told,
  wire: Wire,
  format: WireFormat,
  outgoing: ServerResponse,
): Promise<boolean> {
  const { path, query, headers, body } = wire;
  const [, googleModel, method] = googlePath.exec(path) ?? [];
  const isGoogle = method === 'generateContent' || method === 'streamGenerateContent';
  if (formats[path] === undefined && !isGoogle) return false;
  if (format === anthropic && headers['anthropic-version'] === undefined) {
    throw new Error('anthropic-version: header is required');
  }
  const model = googleModel ?? body['model'];
  if (typeof model !== 'string') throw new Error('model: you must provide a model parameter');
  const request: FakeRequest = {
    format: format.name,
    model: decodeURIComponent(model),
    ...format.read(body),
    stream: isGoogle ? method === 'streamGenerateContent' : body['stream'] === true,
    apiKey: apiKeyOf(wire),
    headers,
    body,
  };
  requests.push(request);
  const { usage } = options;
  const exchange: Exchange = {
    outgoing,
    format,
    request,
    call: requests.length,
    usageOf: typeof usage === 'function' ? usage : usage === undefined ? usageByLength : () => usage,
    asArray: isGoogle && query.get('alt') !== 'sse',
  };
  await think(brain, exchange);
  return true;
}

async function think(brain: FakeBrain, exchange: Exchange): Promise<void> {
  const { outgoing, format, request, call } = exchange;
  try {
    sendReply(exchange, await brain(request, call));
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    sendProblem(outgoing, format, { kind: 'brain-failed', message: `the fake's brain threw: ${words}` });
  }
}

/** False when the path is another's. */
async function answerEmbedding(
  { options, embeddingRequests }: Told,
  wire: Wire,
  outgoing: ServerResponse,
): Promise<boolean> {
  const { path, body } = wire;
  const [, googleModel, method] = googlePath.exec(path) ?? [];
  const isBatch = method === 'batchEmbedContents';
  const isGoogle = isBatch || method === 'embedContent';
  if (path !== '/v1/embeddings' && !isGoogle) return false;
  const model = decodeURIComponent(googleModel ?? String(body['model']));
  const { texts, reply } = isGoogle ? readGoogleEmbedding(body, isBatch) : readOpenAiEmbedding(body, model);
  const request: FakeEmbeddingRequest = {
    format: isGoogle ? 'google' : 'openai',
    model,
    texts,
    apiKey: apiKeyOf(wire),
  };
  embeddingRequests.push(request);
  const error = options.embeddingError?.(request, embeddingRequests.length) ?? null;
  if (error !== null) {
    sendProblem(outgoing, isGoogle ? google : openAiChat, problemOf(error));
    return true;
  }
  sendJson(outgoing, reply(texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0)));
  return true;
}
