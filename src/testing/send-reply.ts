import type { ServerResponse } from 'node:http';
import type { FakeAnswer, FakeError, FakeReply, FakeUsage } from './fake-reply.ts';
import { type FakeRequest, promptOf } from './fake-request.ts';
import { fittingAnswer } from './fitting-answer.ts';
import type { WireAnswer, WireError, WireEvent, WireFormat, WireProblem } from './wire-format.ts';

/** One request on its way to being answered. */
export interface Exchange {
  readonly outgoing: ServerResponse;
  readonly format: WireFormat;
  readonly request: FakeRequest;
  readonly call: number;
  /** For answers that state none. */
  readonly usageOf: (request: FakeRequest, text: string) => FakeUsage;
  /** A stream is written as one JSON array instead of events: Google without `alt=sse`. */
  readonly asArray: boolean;
}

/** How much of a response is sent, and what happens then. */
interface Damage {
  readonly kind:
    | 'none'
    | 'truncated-json'
    | 'truncated-stream'
    | 'error-midway'
    | 'broken-off'
    | 'stall-midway';
}

const unhurt: Damage = { kind: 'none' };

export function sendReply(exchange: Exchange, reply: FakeReply): void {
  const { outgoing, format, request } = exchange;
  switch (reply.kind) {
    case 'answer':
    case 'text':
    case 'tools':
    case 'refusal':
      sendAnswer(exchange, reply, unhurt);
      return;
    case 'wrong-schema':
      sendAnswer(exchange, { kind: 'answer', answer: { unexpected: true } }, unhurt);
      return;
    case 'truncated-json':
    case 'truncated-stream':
    case 'broken-off':
    case 'stall-midway':
      sendAnswer(exchange, ordinaryAnswer(request), reply);
      return;
    case 'error-midway':
      if (request.stream) sendAnswer(exchange, ordinaryAnswer(request), reply);
      else sendProblem(outgoing, format, { kind: 'overloaded' });
      return;
    case 'rate-limit':
    case 'overloaded':
    case 'server-error':
    case 'unauthorized':
    case 'context-too-long':
      sendProblem(outgoing, format, problemOf(reply));
      return;
    case 'http':
      outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      outgoing.end(reply.body);
      return;
    case 'mislabelled':
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).flushHeaders();
      later(outgoing, 20, () => outgoing.end('not gzip'));
      return;
    case 'slow':
      later(outgoing, reply.milliseconds, () => sendReply(exchange, reply.reply ?? ordinaryAnswer(request)));
      return;
    case 'stall':
      return;
    case 'reset':
      outgoing.destroy();
  }
}

export function problemOf(error: FakeError): WireProblem {
  if (error.kind !== 'rate-limit') return error;
  return { kind: error.kind, retryAfterSeconds: error.retryAfterSeconds ?? 1 };
}

export function sendProblem(
  outgoing: ServerResponse,
  format: Pick<WireFormat, 'error'>,
  problem: WireProblem,
): void {
  const { status, headers, body }: WireError = format.error(problem);
  sendJson(outgoing, body, status, headers);
}

export function sendJson(
  outgoing: ServerResponse,
  body: object,
  status = 200,
  headers: WireError['headers'] = {},
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
}

/** Forgotten when the connection closes first. */
function later(outgoing: ServerResponse, milliseconds: number, act: () => void): void {
  const timer = setTimeout(act, milliseconds);
  outgoing.once('close', () => clearTimeout(timer));
}

/** What a model would have said had nothing gone wrong. */
function ordinaryAnswer({ schema }: FakeRequest): FakeAnswer {
  const value = schema === null ? null : fittingAnswer(schema.schema);
  return typeof value === 'object' && value !== null
    ? { kind: 'answer', answer: value }
    : { kind: 'text', text: 'Nothing unusual happened, so there is nothing to add to that.' };
}

function sendAnswer(exchange: Exchange, reply: FakeAnswer, damage: Damage): void {
  const { outgoing, format, request } = exchange;
  const answer = wireAnswer(exchange, reply);
  if (!request.stream) {
    sendHalves(outgoing, 'application/json', halves(JSON.stringify(format.whole(answer))), damage);
    return;
  }
  const text = exchange.asArray ? arrayText : eventStream;
  const events = format.events(answer, request.body);
  const half = Math.floor(events.length / 2);
  const [first, rest] = [events.slice(0, half), events.slice(half)];
  const [head, all] = [text(first, 'open'), text([...first, ...secondHalf(format, rest, damage)])];
  const isShort = damage.kind === 'truncated-json' || damage.kind === 'truncated-stream';
  const type = exchange.asArray ? 'application/json' : 'text/event-stream; charset=utf-8';
  sendHalves(outgoing, type, [head, all.slice(head.length)], isShort ? unhurt : damage);
}

/** What follows the first half of a stream's events. */
function secondHalf(format: WireFormat, rest: readonly WireEvent[], { kind }: Damage): readonly WireEvent[] {
  if (kind === 'truncated-stream') return [];
  if (kind === 'error-midway') return [format.errorEvent()];
  if (kind !== 'truncated-json') return rest;
  return rest.slice(0, 1).map((event) => ({ ...event, data: halves(event.data)[0] }));
}

function eventStream(events: readonly WireEvent[]): string {
  return events
    .map(({ event, data }) => `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`)
    .join('');
}

/** `open` leaves the array to be gone on with. */
function arrayText(events: readonly WireEvent[], end?: 'open'): string {
  return `[${events.map(({ data }) => data).join(',\r\n')}${end === 'open' ? '' : ']'}`;
}

function halves(text: string): readonly [string, string] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function sendHalves(
  outgoing: ServerResponse,
  type: string,
  [first, second]: readonly [string, string],
  { kind }: Damage,
): void {
  outgoing.writeHead(200, { 'content-type': type });
  if (kind === 'broken-off') outgoing.write(first, () => outgoing.destroy());
  else if (kind === 'stall-midway') outgoing.write(first);
  else if (kind === 'truncated-json' || kind === 'truncated-stream') outgoing.end(first);
  // In one piece: a half may end within a character.
  else outgoing.end(first + second);
}

function wireAnswer({ format, request, call, usageOf }: Exchange, reply: FakeAnswer): WireAnswer {
  const said = saidBy(reply, format.answerTool?.(request.body) ?? null);
  const paid = said.text + said.toolCalls.map(({ input }) => JSON.stringify(input)).join('');
  const usage = reply.usage ?? usageOf(request, paid);
  return {
    call,
    model: request.model,
    ...said,
    usage: { cachedPromptTokens: 0, cacheWriteTokens: 0, ...usage },
  };
}

function saidBy(
  reply: FakeAnswer,
  answerTool: string | null,
): Pick<WireAnswer, 'text' | 'toolCalls' | 'finish'> {
  switch (reply.kind) {
    case 'answer': {
      const text = JSON.stringify(reply.answer);
      if (answerTool === null) return { text, toolCalls: [], finish: 'stop' };
      const input = JSON.parse(text);
      return { text: '', toolCalls: [{ id: null, name: answerTool, input }], finish: 'tools' };
    }
    case 'text': {
      const finish = reply.finishReason ?? 'stop';
      return { text: reply.text, toolCalls: [], finish: finish === 'refusal' ? 'filter' : finish };
    }
    case 'tools': {
      const toolCalls = reply.calls.map(({ id = null, name, input }) => ({ id, name, input }));
      return { text: reply.text ?? '', toolCalls, finish: 'tools' };
    }
    case 'refusal':
      return { text: reply.text, toolCalls: [], finish: 'refusal' };
  }
}

/** A token for every four characters, and at least one. */
export function usageByLength(request: FakeRequest, text: string): FakeUsage {
  const tokensIn = (length: number) => Math.max(1, Math.ceil(length / 4));
  return { promptTokens: tokensIn(promptOf(request).length), responseTokens: tokensIn(text.length) };
}
