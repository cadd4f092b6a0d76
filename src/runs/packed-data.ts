import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { bytesOfBase64 } from '../journal/index.ts';
import { makeStateFolder, stateFolderFailure } from '../storage/index.ts';
import { damaged, type PackedData, type RunFileHead, type RunFileLine } from './run-file.ts';
import type { FileData, RunSettings } from './run-settings.ts';

// Files of candles that travel with a run. They come to lie in a folder of the run; its settings keep the paths it was
// sealed with.

/** Base64 takes three bytes at a time. */
const pieceBytes = 3 * 128 * 1024;

const pieceShape = z.strictObject({ symbol: z.string(), piece: z.string() });

/** One of a run's files of candles, with where it is to be read from now. */
export interface RunData {
  readonly symbol: string;
  readonly file: string;
  readonly sha256: string;
}

/** The same settings, with files that came with the run in place of those it began with. */
export function withOwnData(settings: RunSettings, folder: string): RunSettings {
  const { data, hashes } = settings;
  if (data.kind !== 'files') return settings;
  const located = (given: FileData): FileData => {
    const own = join(folder, nameOf(hashes[given.symbol] ?? '', given.file));
    return existsSync(own) ? { ...given, file: own } : given;
  };
  return { ...settings, data: { ...data, files: data.files.map(located) } };
}

/** None for a synthetic market. */
export function dataOf({ data, hashes }: RunSettings): readonly RunData[] {
  if (data.kind !== 'files') return [];
  return data.files.map(({ symbol, file }) => ({ symbol, file, sha256: hashes[symbol] ?? '' }));
}

/** @throws OrreryError `file-not-found` */
export async function describeData(data: readonly RunData[]): Promise<PackedData[]> {
  return Promise.all(
    data.map(async ({ symbol, file, sha256 }) => {
      const found = await stat(file).catch((cause: unknown) => {
        throw new OrreryError('file-not-found', `${file}, the candles of ${symbol}, cannot be read`, {
          hint: 'Put the file back, or export the run without --with-data.',
          cause,
        });
      });
      return { symbol, sha256, name: nameOf(sha256, file), bytes: found.size };
    }),
  );
}

/** @throws OrreryError `data-changed` */
export async function* packData(data: readonly RunData[]): AsyncGenerator<RunFileLine> {
  for (const { symbol, file, sha256 } of data) {
    const sum = createHash('sha256');
    let waiting = Buffer.alloc(0);
    for await (const chunk of createReadStream(file, {
      highWaterMark: pieceBytes,
    }) as AsyncIterable<Buffer>) {
      sum.update(chunk);
      waiting = Buffer.concat([waiting, chunk]);
      const end = waiting.length - (waiting.length % 3);
      yield { key: 'candles', value: { symbol, piece: waiting.toString('base64', 0, end) } };
      waiting = waiting.subarray(end);
    }
    if (waiting.length > 0) {
      yield { key: 'candles', value: { symbol, piece: waiting.toString('base64') } };
    }
    const found = sum.digest('hex');
    if (found === sha256) continue;
    throw new OrreryError(
      'data-changed',
      `${file} is not what the run began with (SHA-256 ${found}, was ${sha256})`,
      { hint: 'Put the original file back, or export the run without --with-data.' },
    );
  }
}

/** Puts files where {@link withOwnData} finds them, each once it is whole. */
export interface DataUnpacker {
  add(value: unknown): Promise<void>;
  close(): Promise<void>;
  /** Lets go of what is half done; what was put somewhere stays. */
  abandon(): Promise<void>;
}

interface Unpacking {
  readonly data: PackedData;
  readonly path: string;
  /** Null when nothing is to be kept. */
  readonly handle: FileHandle | null;
  readonly sum: Hash;
  bytes: number;
}

/**
 * Without a `folder` it looks at all of them, and keeps nothing.
 * @throws OrreryError `run-file-invalid`, `database-failed` where the folder cannot be written
 */
export function unpackData(file: string, head: RunFileHead, folder: string | null): DataUnpacker {
  const left = new Map(head.data.map((data) => [data.symbol, data]));
  let unpacking: Unpacking | null = null;
  const begin = async (symbol: string): Promise<Unpacking> => {
    const data = left.get(symbol);
    if (data === undefined || nameOf(data.sha256, data.name) !== data.name) {
      throw new RangeError('it has candles that are not named');
    }
    left.delete(symbol);
    const opened = { data, sum: createHash('sha256'), bytes: 0 };
    if (folder === null) return { ...opened, path: '', handle: null };
    makeStateFolder(folder);
    const path = join(folder, data.name);
    return { ...opened, path, handle: await open(`${path}.part`, 'w', 0o600) };
  };
  const finish = async ({ data, path, handle, sum, bytes }: Unpacking): Promise<void> => {
    await handle?.sync();
    await handle?.close();
    unpacking = null;
    if (bytes !== data.bytes || sum.digest('hex') !== data.sha256) {
      throw new RangeError(`the candles of ${data.symbol} are others`);
    }
    if (handle !== null) await rename(`${path}.part`, path);
  };
  const add = async (value: unknown): Promise<void> => {
    const { symbol, piece } = pieceShape.parse(value);
    const bytes = bytesOfBase64(piece);
    if (unpacking?.data.symbol !== symbol) {
      if (unpacking !== null) await finish(unpacking);
      unpacking = await begin(symbol);
    }
    unpacking.bytes += bytes.length;
    if (unpacking.bytes > unpacking.data.bytes) throw new RangeError(`the candles of ${symbol} are others`);
    unpacking.sum.update(bytes);
    await unpacking.handle?.writeFile(bytes);
  };
  const close = async (): Promise<void> => {
    if (unpacking !== null) await finish(unpacking);
    if (left.size > 0) throw damaged(file, `it lacks candles of ${[...left.keys()].join(', ')}`);
  };
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (cause) {
      if (folder === null || !isOfFileSystem(cause)) throw cause;
      throw stateFolderFailure(folder, 'written', cause);
    }
  };
  return {
    add: (value) => guarded(add(value)),
    close: () =>
      guarded(close()).catch((cause: unknown) => {
        throw cause instanceof RangeError ? damaged(file, cause.message, cause) : cause;
      }),
    async abandon() {
      await unpacking?.handle?.close();
      unpacking = null;
    },
  };
}

/** As opposed to what the file holds. */
function isOfFileSystem(thrown: unknown): boolean {
  return thrown instanceof Error && !(thrown instanceof OrreryError) && 'syscall' in thrown;
}

/** With what stands before and behind it, a file system takes 255. */
const mostNameLetters = 200;

/** Made of its SHA-256, so that no two clash, and of its own name, which people know it by. */
function nameOf(sha256: string, file: string): string {
  const name = win32.basename(file).replaceAll(/[^\w.-]/g, '_');
  const own = new RegExp(`^${sha256.slice(0, 16)}-`);
  return `${sha256.slice(0, 16)}-${name.replace(own, '').slice(-mostNameLetters)}`;
}
