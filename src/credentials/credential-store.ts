import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isoTime, nearestWord, OrreryError, wallClock } from '../core/index.ts';
import { inTurn, makeStateFolder } from '../storage/index.ts';
import {
  type CredentialEntry,
  type CredentialFile,
  providerName,
  readCredentialFile,
  writeCredentialFile,
} from './credential-file.ts';
import { checkPrivateFolder, damaged } from './private-file.ts';
import { seal, unseal } from './seal.ts';
import { keyFileOf, makeLock, type OpenLock, openLock, type StoreLock } from './store-lock.ts';

export interface CredentialStoreOptions {
  /** Absolute; made when the first key is stored. */
  readonly folder: string;
  /** Without one a key file beside the store opens it. */
  readonly passphrase: string | null;
}

/** What may be told of a stored key. */
export interface StoredCredential {
  readonly provider: string;
  /** When it was stored, ISO 8601. */
  readonly since: string;
}

/**
 * Keys of providers in one file, each sealed by itself. Whatever reads it throws OrreryError `credentials-exposed` when
 * others could read or exchange it, and `credentials-damaged` when it is not what was written.
 */
export interface CredentialStore {
  /** By provider. Opens nothing. */
  list(): readonly StoredCredential[];
  /**
   * Null when none is stored for that provider.
   * @throws OrreryError `credentials-locked`
   */
  keyOf(provider: string): string | null;
  /** Every key that opens here. One that does not cannot be sent either, so nobody need look for it. */
  readableKeys(): readonly string[];
  /**
   * Stores a key, in place of the one that provider had; a store that a key file opened is locked anew where there is a
   * passphrase now.
   * @throws OrreryError `credentials-locked`, `usage-invalid` for what cannot be a provider's name
   */
  set(provider: string, key: string): Promise<StoredCredential>;
  /** Needs no passphrase. @throws OrreryError `credentials-not-found` */
  remove(provider: string): Promise<void>;
}

/** Stretching a passphrase takes a while, and so may whoever is before us. */
const turn = { what: 'The store of keys', holder: 'orrery auth', patienceMs: 20_000 } as const;

export function createCredentialStore({ folder, passphrase }: CredentialStoreOptions): CredentialStore {
  const path = join(folder, 'credentials.json');
  const inMyTurn = <Result>(work: () => Result): Promise<Result> =>
    inTurn(join(folder, 'credentials.lock'), turn, async () => work());
  const open = rememberLast((lock) => openLock(path, lock, passphrase));
  return {
    list: () => entriesOf(readCredentialFile(path)).map(described).sort(byProvider),
    keyOf(provider) {
      const file = readCredentialFile(path);
      const entry = entriesOf(file).find((one) => one.provider === provider);
      return file === null || entry === undefined ? null : openEntry(path, open(file.lock), entry);
    },
    readableKeys() {
      try {
        const file = readCredentialFile(path);
        if (file === null) return [];
        const lock = open(file.lock);
        return file.entries.flatMap((entry) => unsealEntry(lock, entry) ?? []);
      } catch (thrown) {
        if (thrown instanceof OrreryError) return [];
        throw thrown;
      }
    },
    async set(provider, key) {
      checkProviderName(provider);
      makeStateFolder(folder);
      checkPrivateFolder(folder);
      return inMyTurn(() => {
        const file = readCredentialFile(path);
        const { lock, entries } =
          file === null
            ? { lock: makeLock(path, passphrase), entries: [] }
            : relocked(path, open(file.lock), file.entries, passphrase);
        const entry = sealEntry(lock, { provider, since: isoTime(wallClock.now()) }, key);
        const others = entries.filter((one) => one.provider !== provider);
        writeCredentialFile(path, { lock: lock.lock, entries: [...others, entry] });
        // A key that opens nothing any more is only there to be found.
        if (lock.lock.kind === 'passphrase') rmSync(keyFileOf(path), { force: true });
        return described(entry);
      });
    },
    async remove(provider) {
      // Nothing is made where nothing is stored, not even the folder for the turn.
      refuseUnknown(provider, entriesOf(readCredentialFile(path)));
      await inMyTurn(() => {
        const file = readCredentialFile(path);
        refuseUnknown(provider, entriesOf(file));
        const entries = entriesOf(file).filter((one) => one.provider !== provider);
        // So that a lost passphrase can be followed by a new one.
        if (file === null || entries.length === 0) rmSync(path, { force: true });
        else writeCredentialFile(path, { lock: file.lock, entries });
      });
    },
  };
}

/** The same entries, under a passphrase now that there is one. */
function relocked(
  path: string,
  before: OpenLock,
  entries: readonly CredentialEntry[],
  passphrase: string | null,
): { readonly lock: OpenLock; readonly entries: readonly CredentialEntry[] } {
  if (before.lock.kind === 'passphrase' || passphrase === null) return { lock: before, entries };
  const lock = makeLock(path, passphrase);
  return {
    lock,
    entries: entries.map((entry) => sealEntry(lock, described(entry), openEntry(path, before, entry))),
  };
}

/** What is sealed with a key: moved under another name, or given another time, it does not open. */
function contextOf({ provider, since }: StoredCredential): string {
  return JSON.stringify(['orrery credential', provider, since]);
}

function sealEntry(lock: OpenLock, about: StoredCredential, secret: string): CredentialEntry {
  return { ...about, key: seal(lock.key, secret, contextOf(about)) };
}

function unsealEntry(lock: OpenLock, entry: CredentialEntry): string | null {
  return unseal(lock.key, entry.key, contextOf(entry));
}

function openEntry(path: string, lock: OpenLock, entry: CredentialEntry): string {
  const key = unsealEntry(lock, entry);
  if (key !== null) return key;
  const { provider } = entry;
  throw damaged(
    path,
    `the entry of ${provider} was changed, or moved there from another provider`,
    `Store that key anew: orrery auth remove ${provider}, then orrery auth set ${provider}. The others are not affected.`,
  );
}

function entriesOf(file: CredentialFile | null): readonly CredentialEntry[] {
  return file?.entries ?? [];
}

function described({ provider, since }: CredentialEntry): StoredCredential {
  return { provider, since };
}

function byProvider(a: StoredCredential, b: StoredCredential): number {
  return a.provider < b.provider ? -1 : 1;
}

/** A passphrase takes long to stretch, and nothing changes the lock between two questions of one command. */
function rememberLast(open: (lock: StoreLock) => OpenLock): (lock: StoreLock) => OpenLock {
  let last: OpenLock | null = null;
  return (lock) => {
    if (last === null || JSON.stringify(last.lock) !== JSON.stringify(lock)) last = open(lock);
    return last;
  };
}

/** The words are not repeated: somebody may have pasted the key itself. */
function checkProviderName(provider: string): void {
  if (providerName.safeParse(provider).success) return;
  throw new OrreryError('usage-invalid', 'what was given cannot be the name of a provider', {
    hint: 'Give the name under llm.providers, at most 64 letters, digits, dots, hyphens or underscores; the key itself is asked for.',
  });
}

function refuseUnknown(provider: string, entries: readonly CredentialEntry[]): void {
  if (entries.some((one) => one.provider === provider)) return;
  const known = entries.map((one) => one.provider).sort();
  const near = nearestWord(provider, known);
  const kept = known.length === 0 ? 'None is stored.' : `Stored: ${known.join(', ')}.`;
  throw new OrreryError('credentials-not-found', `no key is stored for "${provider}"`, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}${kept}`,
  });
}
