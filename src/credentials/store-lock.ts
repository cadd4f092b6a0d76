import { randomBytes, scryptSync } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { damaged, readPrivateFile, writePrivateFile } from './private-file.ts';
import { seal, sealedSchema, unseal } from './seal.ts';

/** OWASP's cheapest in memory (2^15 · 8 · 128 bytes = 32 MiB): a machine that trades has other things to hold. */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const;
const keyBytes = 32;
const saltBytes = 16;

const checked = 'orrery credentials';

/**
 * What opens a store: a passphrase stretched by scrypt (RFC 7914), or a file of random bytes beside it. `check` is a
 * known text, so that a wrong passphrase is told from a changed entry. Bounds keep a changed file from taking all memory.
 */
export const lockSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('passphrase'),
    salt: z.base64().refine((text) => Buffer.from(text, 'base64').length >= saltBytes),
    N: z
      .int()
      .min(cost.N)
      .max(2 ** 18)
      .refine((N) => Number.isInteger(Math.log2(N))),
    r: z.int().min(8).max(16),
    p: z.int().min(1).max(16),
    check: sealedSchema,
  }),
  z.strictObject({ kind: z.literal('key-file'), check: sealedSchema }),
]);

export type StoreLock = z.infer<typeof lockSchema>;

/** A lock with the key that opens it. */
export interface OpenLock {
  readonly lock: StoreLock;
  readonly key: Buffer;
}

/** Beside the store at `path`. */
export function keyFileOf(path: string): string {
  return join(dirname(path), 'credentials.key');
}

/** A new lock: by the passphrase where there is one, else by the key file, which is made where it is not there. */
export function makeLock(path: string, passphrase: string | null): OpenLock {
  if (passphrase === null) {
    const key = readKeyFile(path) ?? makeKeyFile(path);
    return { key, lock: { kind: 'key-file', check: seal(key, checked, checked) } };
  }
  const stretched = { ...cost, salt: randomBytes(saltBytes).toString('base64') };
  const key = stretch(passphrase, stretched);
  return { key, lock: { kind: 'passphrase', ...stretched, check: seal(key, checked, checked) } };
}

/** @throws OrreryError `credentials-locked` when the passphrase or the key file is absent or another */
export function openLock(path: string, lock: StoreLock, passphrase: string | null): OpenLock {
  const key = lock.kind === 'passphrase' ? keyOfPassphrase(path, lock, passphrase) : keyOfFile(path);
  if (unseal(key, lock.check, checked) !== null) return { lock, key };
  const opener = lock.kind === 'passphrase' ? 'this $ORRERY_PASSPHRASE' : keyFileOf(path);
  throw locked(`${path} does not open with ${opener}`, lock);
}

function keyOfPassphrase(
  path: string,
  lock: StoreLock & { readonly kind: 'passphrase' },
  passphrase: string | null,
): Buffer {
  if (passphrase === null)
    throw locked(`${path} is locked with a passphrase, and $ORRERY_PASSPHRASE is not set`, lock);
  return stretch(passphrase, lock);
}

function keyOfFile(path: string): Buffer {
  const key = readKeyFile(path);
  if (key === null)
    throw locked(`${keyFileOf(path)}, which opens the stored keys, is gone`, { kind: 'key-file' });
  return key;
}

function stretch(
  passphrase: string,
  { salt, N, r, p }: { readonly salt: string; readonly N: number; readonly r: number; readonly p: number },
): Buffer {
  // The same letters may be typed as different code points on another machine.
  const typed = passphrase.normalize('NFKC');
  return scryptSync(typed, Buffer.from(salt, 'base64'), keyBytes, { N, r, p, maxmem: 256 * N * r });
}

/** @throws OrreryError `credentials-exposed`, `credentials-damaged` */
function readKeyFile(path: string): Buffer | null {
  const text = readPrivateFile(keyFileOf(path));
  if (text === null) return null;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== keyBytes) throw damaged(keyFileOf(path), 'it holds no key');
  return key;
}

function makeKeyFile(path: string): Buffer {
  const key = randomBytes(keyBytes);
  writePrivateFile(keyFileOf(path), `${key.toString('base64')}\n`);
  return key;
}

function locked(message: string, { kind }: Pick<StoreLock, 'kind'>): OrreryError {
  const mend =
    kind === 'passphrase'
      ? 'Set it to the passphrase the keys were stored with.'
      : 'Restore it from a backup.';
  return new OrreryError('credentials-locked', message, {
    hint: `${mend} If it is lost, take the keys out with \`orrery auth remove PROVIDER\` and store them anew.`,
  });
}
