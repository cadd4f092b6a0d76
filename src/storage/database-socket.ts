import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { OrreryError } from '../core/index.ts';
import { discardSocket } from './home-lock.ts';
import type { EndTurn, Turns } from './turns.ts';
import { createWireReader } from './wire-messages.ts';

/** PostgreSQL's clients are given a folder and look for this name in it, so `psql -h FOLDER -U postgres` works too. */
const socketName = '.s.PGSQL.5432';
/** The kernel takes 104 (macOS) or 108 (Linux) bytes. */
const longestPath = 100;
/** A client that leaves a transaction open keeps everybody waiting; longer than this it is cut off. */
const idleTransactionMs = 10_000;

export interface DatabaseSocket {
  readonly path: string;
  /** Takes no new clients, gives those at work a moment to finish, and removes the socket. */
  close(): Promise<void>;
}

/** Where the socket of `home` lies: there, or in a private temporary folder when that path is too long. */
export async function chooseSocketPath(home: string): Promise<string> {
  const path = join(home, socketName);
  if (Buffer.byteLength(path) <= longestPath) return path;
  return join(await mkdtemp(join(tmpdir(), 'orrery-')), socketName);
}

/**
 * Serves the one PGlite connection to any number of PostgreSQL clients. A client has its turn from its first message
 * until the server is ready again outside a transaction, the holder's own transactions take turns likewise: nobody's
 * statement can end up in somebody else's transaction.
 */
export async function serveDatabase(path: string, pglite: PGlite, turns: Turns): Promise<DatabaseSocket> {
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    serveClient(socket, pglite, turns);
  });
  await makeWay(path);
  await listen(server, path);
  await chmod(path, 0o600);
  // Serving others is no reason to keep the process alive.
  server.unref();
  return {
    path,
    async close() {
      server.close();
      for (let waited = 0; clients.size > 0 && waited < 1_000; waited += 10) await delay(10);
      for (const client of clients) client.destroy();
      await discardSocket(path);
    },
  };
}

/** A socket left by a holder that was killed; whoever holds the lock may remove it. */
async function makeWay(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw new OrreryError('database-failed', `What lies at ${path} is in the way of the database's socket`, {
      hint: 'Move it away, or set ORRERY_HOME to another folder.',
      cause,
      retryable: false,
    });
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}

function serveClient(socket: Socket, pglite: PGlite, turns: Turns): void {
  const reader = createWireReader();
  let endTurn: EndTurn | null = null;
  let work = Promise.resolve();

  const leaveTurn = () => {
    endTurn?.();
    endTurn = null;
    socket.setTimeout(0);
  };
  const run = async (messages: Uint8Array, ready: boolean) => {
    endTurn ??= await turns.take();
    // Who has gone meanwhile is no longer interested; `abandon` follows and ends the turn.
    if (socket.destroyed) return;
    await pglite.execProtocolRawStream(messages, {
      syncToFs: false,
      onRawData: (answer) => {
        // A view of PGlite's memory, overwritten by the next statement.
        if (socket.writable) socket.write(Buffer.from(answer));
      },
    });
    if (ready && !pglite.isInTransaction()) leaveTurn();
    else socket.setTimeout(idleTransactionMs);
  };
  const abandon = async () => {
    if (endTurn === null) return;
    try {
      await pglite.exec('rollback');
    } finally {
      leaveTurn();
    }
  };

  socket.on('data', (bytes) => {
    for (const batch of reader.read(bytes)) {
      if (batch.kind === 'no-encryption') socket.write('N');
      else if (batch.kind === 'end') socket.end();
      else work = work.then(() => run(batch.messages, batch.ready)).catch(() => void socket.destroy());
    }
  });
  // Without a listener a client that vanishes would end this process.
  socket.on('error', () => socket.destroy());
  socket.on('timeout', () => socket.destroy());
  socket.on('close', () => {
    work = work.then(abandon).catch(() => undefined);
  });
}
