import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OrreryError } from '../core/index.ts';

/** Loopback only: the page shows an account, and there is no token yet. */
const host = '127.0.0.1';
const defaultPort = 4173;

export interface ReportServerOptions {
  /** 1 … 65535; null takes 4173, or any free one when that is taken. */
  readonly port: number | null;
  /** The page as it is now; called for every request. */
  readonly render: () => string;
}

export interface ReportServer {
  /** `http://127.0.0.1:4173/` */
  readonly url: string;
  /** Resolves when the port is free again; open connections are cut. */
  close(): Promise<void>;
}

/**
 * Serves one page under `/`, to this machine only.
 * @throws OrreryError `port-taken` when the asked port is in use, `usage-invalid` when it may not be used.
 */
export async function startReportServer(options: ReportServerOptions): Promise<ReportServer> {
  const server = createServer((request, response) => answer(server, options.render, request, response));
  const taken = await listen(server, options.port ?? defaultPort, options.port === null);
  if (taken) await listen(server, 0, false);
  return { url: `http://${host}:${portOf(server)}/`, close: () => close(server) };
}

/** @returns true when the port is taken and that was allowed for. */
function listen(server: Server, port: number, mayBeTaken: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE' && mayBeTaken) resolve(true);
      else reject(listenError(error, port));
    };
    const listening = () => {
      server.off('error', failed);
      resolve(false);
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(port, host);
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): OrreryError {
  if (error.code === 'EADDRINUSE') {
    return new OrreryError('port-taken', `port ${port} is already in use`, {
      hint: 'Stop the program that uses it, choose another --port, or leave --port out.',
      cause: error,
    });
  }
  return new OrreryError('usage-invalid', `port ${port} cannot be used (${error.code ?? error.message})`, {
    hint: 'Choose a --port from 1024 to 65535, or leave --port out.',
    cause: error,
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const securityHeaders = {
  'cache-control': 'no-store',
  // The page's own policy stands in the page, so that a saved copy keeps it; framing can only be refused here.
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

function answer(
  server: Server,
  render: () => string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const send = (
    status: number,
    type: string,
    body: string,
    extra: { readonly [name: string]: string } = {},
  ) => {
    response.writeHead(status, {
      ...securityHeaders,
      ...extra,
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (!isOwnHost(request.headers.host, portOf(server))) {
    send(403, 'text/plain', 'This address does not belong to Orrery.\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, 'text/plain', 'Only GET and HEAD.\n', { allow: 'GET, HEAD' });
  } else if (request.url?.split('?')[0] !== '/') {
    send(404, 'text/plain', 'Nothing here. The report is at /\n');
  } else {
    sendPage(send, render);
  }
}

function sendPage(send: (status: number, type: string, body: string) => void, render: () => string): void {
  let page: string;
  try {
    page = render();
  } catch {
    // A page that cannot be drawn must not end the run that it is about.
    send(500, 'text/plain', 'The report could not be drawn; the run goes on.\n');
    return;
  }
  send(200, 'text/html', page);
}

/** Another name that resolves to this machine is a page elsewhere trying to read this one (DNS rebinding). */
function isOwnHost(header: string | undefined, port: number): boolean {
  return [`${host}:${port}`, `localhost:${port}`].includes(header?.toLowerCase() ?? '');
}
