import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A whole response, word for word. */
export interface WireReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Sent as events; else as JSON. */
  readonly stream?: boolean;
  /** The connection is cut after the body instead of ended. */
  readonly cut?: boolean;
}

export interface WireRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: Each protocol has its own, and tests look into all of them.
  readonly body: any;
}

export interface WireServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly requests: readonly WireRequest[];
  replyWith(reply: WireReply): void;
  close(): Promise<void>;
}

/** Replies with recorded bodies on loopback, whatever the protocol. */
export async function startWireServer(): Promise<WireServer> {
  const requests: WireRequest[] = [];
  let reply: WireReply = { status: 500, body: 'no reply was set' };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const written = Buffer.concat(chunks).toString('utf8');
    const body = written === '' ? null : JSON.parse(written);
    requests.push({ path: incoming.url ?? '', headers: incoming.headers, body });
    send(outgoing, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    replyWith(next) {
      reply = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** In pieces of an odd number of bytes, which cut through lines and characters. */
function send(outgoing: ServerResponse, { status = 200, headers = {}, body, stream, cut }: WireReply): void {
  const type = stream === true ? 'text/event-stream; charset=utf-8' : 'application/json';
  outgoing.writeHead(status, { 'content-type': type, ...headers });
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 997) outgoing.write(bytes.subarray(at, at + 997));
  if (cut !== true) outgoing.end();
  else outgoing.write('', () => setImmediate(() => outgoing.destroy()));
}
