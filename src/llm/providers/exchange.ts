import { httpFailure, networkFailure, retryAfterMs } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

type Named = Pick<ProviderOptions, 'name' | 'redact' | 'keyHint'>;

/** One request and what came of it so far. */
export interface Exchange {
  /** Sends it and gives the response once its status is 2xx. @throws ChatError otherwise */
  send(url: string | URL, init: RequestInit): Promise<Response>;
  /** The body, piece by piece. @throws ChatError when it breaks off */
  bytesOf(response: Response): AsyncGenerator<Uint8Array>;
  /** What of the body has been read, not redacted. */
  readonly body: string;
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
  const failed = (thrown: unknown) =>
    signal?.aborted ? signal.reason : networkFailure(options, thrown, body);
  async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
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
    get body() {
      return body;
    },
    async send(url, init) {
      const all = { ...init, redirect: 'manual', ...(signal === undefined ? {} : { signal }) } as const;
      const response = await fetch(url, all).catch((thrown: unknown) => {
        throw failed(thrown);
      });
      if (response.ok) return response;
      for await (const _ of bytesOf(response));
      const patience = retryAfterMs(response.headers) ?? patienceInBody(body);
      throw httpFailure(options, { status: response.status, body, retryAfterMs: patience });
    },
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
