import { link, lstat, readFile, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { dirname, isAbsolute } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type EpochMs, isoTime, isTime, OrreryError, wallClock } from '../core/index.ts';
import { processStart } from './process-start.ts';
import { stateFolderFailure } from './state-folder.ts';

/** Who has the embedded database open, or whatever else is locked: the content of the lock file. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** See {@link processStart}. */
  readonly started: string | null;
  /** What it is doing, e.g. `orrery run r_1`. */
  readonly holder: string;
  /** `read` is held for the moment of a listing only. */
  readonly access: 'own' | 'read';
  /** Where it serves the database; null until it listens. */
  readonly socket: string | null;
  readonly since: EpochMs;
}

/** Whatever lies in the file: of what is in here paths are made, signals sent and sentences written. */
const lockHolder: z.ZodType<LockHolder> = z.object({
  // A number not above zero would mean whole groups of processes.
  pid: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  host: z.string().min(1),
  started: z.string().regex(/^\d+$/).nullable(),
  holder: z.string(),
  access: z.enum(['own', 'read']),
  socket: z
    .string()
    .refine((path) => isAbsolute(path) && !path.includes('\0'))
    .nullable(),
  since: z.int().refine(isTime),
});

export interface HomeLock {
  /** Tells other processes where the database is served. */
  publishSocket(socket: string): Promise<void>;
  release(): Promise<void>;
}

export type LockAttempt =
  | { readonly kind: 'taken'; readonly lock: HomeLock }
  | { readonly kind: 'held'; readonly by: LockHolder };

/**
 * Takes the lock file at `path`, from a dead holder if need be. The file is always complete and changes hands by
 * `link` and `rename` alone, so two processes never both believe they have it.
 * @throws OrreryError `home-locked` when what stands there is not a lock, `database-failed` when nothing can be written there.
 */
export async function takeHomeLock(
  path: string,
  options: { readonly holder: string; readonly access: 'own' | 'read' },
): Promise<LockAttempt> {
  let me: LockHolder = {
    pid: process.pid,
    host: hostname(),
    started: await processStart(process.pid),
    holder: options.holder,
    access: options.access,
    socket: null,
    since: wallClock.now(),
  };
  const by = await take(path, me).catch((error) => {
    throw error instanceof OrreryError ? error : stateFolderFailure(dirname(path), 'written', error);
  });
  if (by !== null) return { kind: 'held', by };
  const lock: HomeLock = {
    async publishSocket(socket) {
      me = { ...me, socket };
      const draft = await writeDraft(path, me);
      await rename(draft, path);
    },
    release: () => rm(path, { force: true }),
  };
  return { kind: 'taken', lock };
}

/** The error for who cannot have the database, or `what` else is locked, now. */
export function homeLocked(path: string, by: LockHolder, what = 'The database'): OrreryError {
  const where = by.host === hostname() ? '' : ` on host ${by.host}`;
  return new OrreryError(
    'home-locked',
    `${what} is held by "${by.holder}" (process ${by.pid}${where}, since ${isoTime(by.since)})`,
    {
      hint: `Wait for it or stop it, or give this command another ORRERY_HOME. If no such process exists, delete ${path}.`,
    },
  );
}

/** Returns the live holder that stands in the way, or null once `me` is written at `path`. */
async function take(path: string, me: LockHolder): Promise<LockHolder | null> {
  for (;;) {
    if (await place(path, me)) return null;
    const holder = await readHolder(path);
    if (holder === null) continue;
    if (await isAlive(holder)) return holder;
    // Only who holds the claim on this very corpse may replace it. Claims are locks of the same kind, so a claimant
    // that dies is itself succeeded, and a late rival finds that the corpse it saw is gone.
    const claim = `${path}.after-${holder.pid}-${holder.started ?? holder.since}`;
    if ((await take(claim, me)) !== null) {
      await delay(20);
      continue;
    }
    try {
      const current = await readHolder(path);
      if (current !== null && isSame(current, holder)) {
        await rename(await writeDraft(path, me), path);
        // The lock has changed hands already; a socket that cannot be removed is in nobody's way.
        if (holder.socket !== null) await discardSocket(holder.socket).catch(() => undefined);
        return null;
      }
    } finally {
      await rm(claim, { force: true });
    }
  }
}

/** Writes the file whole or not at all; false when there is one already. */
async function place(path: string, me: LockHolder): Promise<boolean> {
  const draft = await writeDraft(path, me);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** Removes a socket, and its folder when that was made for it alone. What stands there and is none belongs to somebody. */
export async function discardSocket(socket: string): Promise<void> {
  const found = await lstat(socket).catch(() => null);
  if (found !== null && !found.isSocket()) return;
  await rm(socket, { force: true });
  await rmdir(dirname(socket)).catch(() => undefined);
}

let drafts = 0;

async function writeDraft(path: string, me: LockHolder): Promise<string> {
  drafts += 1;
  const draft = `${path}.draft-${process.pid}-${drafts}`;
  await writeFile(draft, `${JSON.stringify(me)}\n`, { mode: 0o600 });
  return draft;
}

async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    // A link that leads nowhere would be gone and there at once, for ever.
    if ((await lstat(path)).isFile()) {
      const { data } = lockHolder.safeParse(JSON.parse(await readFile(path, 'utf8')));
      if (data !== undefined) return data;
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    // Falls through: whatever stands there, nobody can tell from it whether the database is in use.
  }
  throw new OrreryError('home-locked', `The lock file ${path} cannot be read`, {
    hint: 'If no Orrery process is running, delete it and try again.',
    retryable: false,
  });
}

function isSame(a: LockHolder, b: LockHolder): boolean {
  return a.pid === b.pid && a.host === b.host && a.started === b.started && a.since === b.since;
}

async function isAlive(holder: LockHolder): Promise<boolean> {
  // Another host or container: its process numbers mean nothing here, but a socket on a shared folder still answers.
  if (holder.host !== hostname()) return holder.socket === null || (await answers(holder.socket));
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const started = await processStart(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
