import { ChatError } from '../chat-error.ts';
import {
  brokenAnswer,
  brokenStream,
  httpFailure,
  networkFailure,
  retryAfterMs,
  tooLarge,
} from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

type Named = Pick<ProviderOptions, 'name' | 'redact' | 'keyHint'>;

const bytesOfMegabyte = 1024 * 1024;
/** Decompressed: a small body can become as large as one likes. */
const largestBody = 64 * bytesOfMegabyte;
const largestLine = 8 * bytesOfMegabyte;
/** Of the body of a refusal no more is read. */
const largestRefusal = bytesOfMegabyte;

/** One request and what came of it so far. */
export interface Exchange {
  /** Sends it and gives the response once its status is 2xx. @throws ChatError otherwise */
  send(url: string | URL, init: RequestInit): Promise<Response>;
  /** The body, piece by piece. @throws ChatError when it breaks off or has no end */
  bytesOf(response: Response): AsyncGenerator<Uint8Array>;
  /** What of the body has been read, not redacted. */
  readonly body: string;
  /** Why the body could not be read to its end, for who is told of it in other words; null unless it was too large. */
  readonly refused: ChatError | null;
  /** An answer that is not whole: `what` the provider did. */
  broken(what: string): ChatError;
}

/** A provider may ask for patience in the body of a refusal as well. */
export type PatienceInBody = (body: string) => number | null;

/** A redirect is not followed: it could lead the key and the prompt off the configured host. */
export function openExchange(
  options: Named,
  signal?: AbortSignal,
  patienceInBody: PatienceInBody = () => null,
): Exchange {
  let body = '';
  let streamed = false;
  let refused: ChatError | null = null;
  const broken = (what: string) =>
    streamed ? brokenStream(options, what, body) : brokenAnswer(options, what, body);
  const failed = (thrown: unknown) => {
    if (signal?.aborted) return signal.reason;
    if (thrown instanceof ChatError) refused = thrown;
    return refused ?? networkFailure(options, thrown, broken('').raw);
  };
  async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
    streamed = isEventStream(response);
    const decoder = new TextDecoder();
    const check = sizeCheck(options, streamed);
    try {
      for await (const bytes of response.body ?? []) {
        check(bytes);
        body += decoder.decode(bytes, { stream: true });
        yield bytes;
      }
    } catch (thrown) {
      throw failed(thrown);
    }
    body += decoder.decode();
  }
  return {
    bytesOf,
    broken,
    get body() {
      return body;
    },
    get refused() {
      return refused;
    },
    async send(url, init) {
      const all = { ...init, redirect: 'manual', ...(signal === undefined ? {} : { signal }) } as const;
      const response = await fetch(url, all).catch((thrown: unknown) => {
        throw failed(thrown);
      });
      if (response.ok) return response;
      for await (const _ of bytesOf(response)) if (body.length > largestRefusal) break;
      const patience = retryAfterMs(response.headers) ?? patienceInBody(body);
      throw httpFailure(options, { status: response.status, body, retryAfterMs: patience });
    },
  };
}

/** @throws ChatError for a body, or a line of a stream, that has grown beyond all measure */
function sizeCheck(options: Named, streamed: boolean): (bytes: Uint8Array) => void {
  let size = 0;
  let line = 0;
  return (bytes) => {
    size += bytes.length;
    if (size > largestBody)
      throw tooLarge(options, `an answer of more than ${largestBody / bytesOfMegabyte} MB`);
    if (!streamed) return;
    const lineBreak = bytes.lastIndexOf(0x0a);
    line = lineBreak < 0 ? line + bytes.length : bytes.length - 1 - lineBreak;
    if (line > largestLine)
      throw tooLarge(options, `a piece of more than ${largestLine / bytesOfMegabyte} MB`);
  };
}

/** The whole body. Redacted before it is decoded as JSON, which would take the backslashes out of a key that was pasted in as it stands. */
export async function readAll({ redact }: Named, exchange: Exchange, response: Response): Promise<string> {
  for await (const _ of exchange.bytesOf(response));
  return redact(exchange.body);
}

export function isEventStream(response: Response): boolean {
  return /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
}
