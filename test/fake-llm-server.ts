import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of a chat completion request that a scripted model looks at. */
export interface FakeRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly response_format?: {
    readonly json_schema: { readonly name: string; readonly schema: FakeSchema; readonly strict: boolean };
  };
}

/** As much of an answer's schema as a scripted model needs to fit it. */
export interface FakeSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly properties?: { readonly [name: string]: FakeSchema };
  readonly items?: FakeSchema;
  readonly maximum?: number;
}

/** What the server does with one request. */
export type FakeReply =
  /** The object as JSON, finished properly. A wrong schema is an answer that does not fit. */
  | { readonly kind: 'answer'; readonly answer: object }
  /** Any text as the message, e.g. prose or half an object with `finishReason: 'length'`. */
  | { readonly kind: 'text'; readonly text: string; readonly finishReason?: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** A whole HTTP response: an error status, a recorded body, garbage. */
  | {
      readonly kind: 'http';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Half a body, then the connection closes. */
  | { readonly kind: 'truncated' }
  /** A body that is not what its headers say, in a packet of its own: Node's `fetch` then never settles, aborted or not. */
  | { readonly kind: 'mislabelled' }
  /** No answer until the caller gives up. */
  | { readonly kind: 'stall' }
  /** The connection closes without a word. */
  | { readonly kind: 'reset' };

/** Decides on a request; `call` counts from 1. */
export type FakeBrain = (request: FakeRequest, call: number) => FakeReply;

export interface FakeLlmServer {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly FakeRequest[];
  /** The `authorization` headers of the requests. */
  readonly authorizations: readonly (string | undefined)[];
  /** Changes how it answers from the next request on. */
  answerWith(brain: FakeBrain): void;
  close(): Promise<void>;
}

/** An OpenAI-compatible server on loopback that answers as scripted. Usage is 100 prompt and 20 response tokens for each answer. */
export async function startFakeLlmServer(brain: FakeBrain): Promise<FakeLlmServer> {
  const requests: FakeRequest[] = [];
  const authorizations: (string | undefined)[] = [];
  let answer = brain;
  const server = createServer(async (incoming, outgoing) => {
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions') {
      outgoing.writeHead(404).end('{"error":{"message":"no such path"}}');
      return;
    }
    const request: FakeRequest = JSON.parse(await readBody(incoming));
    requests.push(request);
    authorizations.push(incoming.headers.authorization);
    send(outgoing, request, answer(request, requests.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    authorizations,
    answerWith(next) {
      answer = next;
    },
    close: () => close(server),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function send(outgoing: ServerResponse, request: FakeRequest, reply: FakeReply): void {
  switch (reply.kind) {
    case 'answer':
      sendCompletion(outgoing, request, { content: JSON.stringify(reply.answer) }, 'stop');
      return;
    case 'text':
      sendCompletion(outgoing, request, { content: reply.text }, reply.finishReason ?? 'stop');
      return;
    case 'refusal':
      sendCompletion(outgoing, request, { content: null, refusal: reply.text }, 'stop');
      return;
    case 'http':
      outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      outgoing.end(reply.body);
      return;
    case 'truncated':
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      outgoing.write('{"choices":[{"message":{"content":"{', () => outgoing.destroy());
      return;
    case 'mislabelled':
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).flushHeaders();
      setTimeout(() => outgoing.end('not gzip'), 20);
      return;
    case 'stall':
      return;
    case 'reset':
      outgoing.destroy();
  }
}

function sendCompletion(
  outgoing: ServerResponse,
  request: FakeRequest,
  message: object,
  finishReason: string,
): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(
    JSON.stringify({
      id: 'chatcmpl-fake',
      object: 'chat.completion',
      created: 0,
      model: request.model,
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    }),
  );
}

interface Line {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/**
 * A model that decides from the numbers and evidence ids in its prompt and from nothing else, by its role. `technical`: ema-50 against
 * ema-200, unless rsi-14 is past 70 or below 30. `sentiment` and `chief`: the sign of the scores shown. `risk-officer`: approves as proposed.
 * It cites the lines it read as far as the schema offers their ids, else the first that is offered, and HOLDs when a number it needs is missing.
 */
export function decideFromPrompt(request: FakeRequest): FakeReply {
  const format = request.response_format?.json_schema;
  if (format === undefined) return { kind: 'text', text: 'No schema was given.' };
  const lines = evidenceLines(request);
  if (format.name === 'risk-officer') return approve(lines, format.schema);
  const read = format.name === 'technical' ? technicalLines(lines) : scoreLines(lines);
  const lean = format.name === 'technical' ? technicalLean(read) : sumOf(read);
  const wanted = lean > 0 ? 'BUY' : lean < 0 ? 'SELL' : 'HOLD';
  const actions = format.schema.properties?.['action']?.enum ?? [];
  const action = actions.includes(wanted) ? wanted : 'HOLD';
  const opens = format.name === 'technical' && action !== 'HOLD';
  const close = lines.find(({ name }) => name === 'close')?.value;
  return {
    kind: 'answer',
    answer: {
      action,
      confidence: action === 'HOLD' ? 0.5 : 0.8,
      reasoning: `Decided from ${read.map(({ name }) => name).join(', ') || 'no number'}.`,
      keyFactors: [{ text: 'the numbers it was decided from', evidence: offered(read, format.schema) }],
      sizePct: opens ? Math.min(10, format.schema.properties?.['sizePct']?.maximum ?? 10) : null,
      stop: opens && close !== undefined ? close * (action === 'BUY' ? 0.97 : 1.03) : null,
    },
  };
}

/** `[ID] NAME = VALUE UNIT`; a line `[ID] NAME missing: REASON` gives no number and so no line. */
function evidenceLines(request: FakeRequest): readonly Line[] {
  const text = request.messages.map(({ content }) => content).join('\n');
  return [...text.matchAll(/^\s*\[([^\]\s]+)\] (\S+) = (-?\d+(?:\.\d+)?)(?: (\S+))?\s*$/gm)].map((match) => ({
    id: match[1] ?? '',
    name: match[2] ?? '',
    value: Number(match[3]),
    unit: match[4] ?? '',
  }));
}

function technicalLines(lines: readonly Line[]): readonly Line[] {
  return ['ema-50', 'ema-200', 'rsi-14'].flatMap((name) => lines.filter((line) => line.name === name));
}

function technicalLean([fast, slow, rsi]: readonly Line[]): number {
  if (fast === undefined || slow === undefined || rsi === undefined) return 0;
  if (fast.value > slow.value) return rsi.value < 70 ? 1 : 0;
  return fast.value < slow.value && rsi.value > 30 ? -1 : 0;
}

/** Voices and tones; a score of one voice's proposal, such as `technical.risk-score`, is not a voice. */
function scoreLines(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ name, unit }) => unit === 'score' && !name.includes('.'));
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { value }) => sum + value, 0);
}

function approve(lines: readonly Line[], schema: FakeSchema): FakeReply {
  const evidence = offered(lines.slice(0, 3), schema);
  return {
    kind: 'answer',
    answer: {
      approved: true,
      adjustedSize: null,
      riskScore: 0.2,
      reasoning: 'Acceptable as proposed.',
      warnings: [],
      keyFactors: [{ text: 'the proposal as it stands', evidence }],
    },
  };
}

function offered(lines: readonly Line[], schema: FakeSchema): readonly string[] {
  const ids = schema.properties?.['keyFactors']?.items?.properties?.['evidence']?.items?.enum ?? [];
  const cited = lines.map(({ id }) => id).filter((id) => ids.includes(id));
  return cited.length > 0 ? cited : ids.slice(0, 1).map(String);
}
