import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCredentialStore } from './index.ts';

const canary = 'sk-canary-0123456789';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (passphrase: string | null = null) => createCredentialStore({ folder, passphrase });
const file = () => join(folder, 'credentials.json');
const keyFile = () => join(folder, 'credentials.key');
const stored = () => JSON.parse(readFileSync(file(), 'utf8'));
const change = (edit: (content: ReturnType<typeof stored>) => void) => {
  const content = stored();
  edit(content);
  writeFileSync(file(), JSON.stringify(content));
};
const failing = (code: string, words: string | RegExp = '') =>
  expect.objectContaining({
    code: `credentials-${code}`,
    message: expect.stringMatching(words),
    hint: expect.stringMatching(/\S/),
  });

describe.each([
  { by: 'a key file', passphrase: null },
  { by: 'a passphrase', passphrase: 'correct horse' },
])('a store locked by $by', ({ passphrase }) => {
  test('gives each key back in another process, and shows none of them', async () => {
    await open(passphrase).set('claude', canary);
    const before = open(passphrase).list();
    await open(passphrase).set('local', 'another-key');
    const store = open(passphrase);
    expect(store.keyOf('claude')).toBe(canary);
    expect(store.keyOf('local')).toBe('another-key');
    expect(store.keyOf('constructor')).toBeNull();
    expect(store.readableKeys()).toEqual([canary, 'another-key']);
    expect(store.list()).toEqual([...before, { provider: 'local', since: expect.any(String) }]);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'latin1')).not.toContain(canary);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  test('keeps a new key in place of the old one, and forgets what is removed', async () => {
    const store = open(passphrase);
    await store.set('claude', 'the-old-key');
    await store.set('claude', canary);
    await store.set('local', 'another-key');
    expect(store.readableKeys()).toEqual([canary, 'another-key']);
    await store.remove('claude');
    expect(store.keyOf('claude')).toBeNull();
    await expect(store.remove('locale')).rejects.toEqual(failing('not-found', 'locale'));
    await expect(store.remove('locale')).rejects.toHaveProperty('hint', expect.stringContaining('local?'));
    await store.remove('local');
    expect(existsSync(file())).toBe(false);
  });

  test('finds an entry that was moved, renamed, dated back or changed, and none of the others suffers', async () => {
    const store = open(passphrase);
    await store.set('claude', canary);
    await store.set('local', 'another-key');
    const whole = stored();
    const tamperings = [
      ([one, two]: typeof whole.entries) => ([one.key, two.key] = [two.key, one.key]),
      ([one, two]: typeof whole.entries) => ([one.provider, two.provider] = [two.provider, one.provider]),
      ([one]: typeof whole.entries) => (one.since = '2001-01-01T00:00:00.000Z'),
      ([one]: typeof whole.entries) => (one.key.sealed = Buffer.from('x'.repeat(20)).toString('base64')),
    ];
    for (const tamper of tamperings) {
      change(({ entries }) => tamper(entries));
      expect(() => store.keyOf('claude')).toThrow(failing('damaged', 'claude'));
      expect(store.readableKeys()).not.toContain(canary);
      writeFileSync(file(), JSON.stringify(whole));
    }
    change(({ entries }) => tamperings[3]?.(entries));
    expect(store.keyOf('local')).toBe('another-key');
    await store.remove('claude');
    await store.set('claude', 'a-new-key');
    expect(store.readableKeys()).toEqual(['another-key', 'a-new-key']);
  });

  test('what is no store any more is refused, and left as it is', async () => {
    const store = open(passphrase);
    await store.set('claude', canary);
    const whole = readFileSync(file(), 'utf8');
    const version = whole.replace('"version": 1', '"version": 2');
    for (const text of [
      '',
      '{}',
      'null',
      whole.slice(0, 200),
      version,
      whole.replace('"nonce": "', '"nonce": "AA'),
    ]) {
      writeFileSync(file(), text);
      expect(() => store.list()).toThrow(failing('damaged', 'credentials.json'));
      expect(() => store.keyOf('claude')).toThrow(failing('damaged'));
      expect(store.readableKeys()).toEqual([]);
      await expect(store.set('claude', 'x')).rejects.toEqual(failing('damaged'));
      await expect(store.remove('claude')).rejects.toEqual(failing('damaged'));
      expect(readFileSync(file(), 'utf8')).toBe(text);
    }
    writeFileSync(file(), version);
    expect(() => store.list()).toThrow(/newer version/);
  });
});

describe('the lock', () => {
  test('a wrong or absent passphrase opens nothing, changes nothing, and still tells who is in there', async () => {
    await open('right').set('claude', canary);
    const whole = readFileSync(file(), 'utf8');
    for (const [passphrase, words] of [
      ['wrong', /does not open with this/] as const,
      [null, /not set/] as const,
    ]) {
      const store = open(passphrase);
      expect(() => store.keyOf('claude')).toThrow(failing('locked', words));
      expect(store.keyOf('other')).toBeNull();
      expect(store.readableKeys()).toEqual([]);
      await expect(store.set('local', 'another-key')).rejects.toEqual(failing('locked', words));
      expect(store.list()).toMatchObject([{ provider: 'claude' }]);
    }
    expect(readFileSync(file(), 'utf8')).toBe(whole);
    await open('wrong').remove('claude');
    await open('new').set('claude', canary);
    expect(open('new').keyOf('claude')).toBe(canary);
  });

  test('the passphrase is stretched with parameters that are kept, and a salt of its own', async () => {
    await open('same').set('claude', canary);
    const first = stored().lock;
    rmSync(file());
    await open('same').set('claude', canary);
    expect(first).toMatchObject({ kind: 'passphrase', N: 2 ** 15, r: 8, p: 3 });
    expect(stored().lock.salt).not.toBe(first.salt);
    change(({ lock }) => (lock.N = 2 ** 10));
    expect(() => open('same').keyOf('claude')).toThrow(failing('damaged'));
  });

  test('one spelling of a passphrase opens what another one locked', async () => {
    await open('caf\u00e9').set('claude', canary);
    expect(open('cafe\u0301').keyOf('claude')).toBe(canary);
  });

  test('a passphrase takes the place of the key file', async () => {
    await open().set('claude', canary);
    const since = open().list();
    expect(open('new').keyOf('claude')).toBe(canary);
    await open('new').set('local', 'another-key');
    expect(existsSync(keyFile())).toBe(false);
    expect(open('new').readableKeys()).toEqual([canary, 'another-key']);
    expect(open().list().slice(0, 1)).toEqual(since);
    expect(() => open().keyOf('claude')).toThrow(failing('locked'));
  });

  test('without its key file a store stays shut, and no new one is made for it', async () => {
    await open().set('claude', canary);
    const key = readFileSync(keyFile());
    rmSync(keyFile());
    expect(() => open().keyOf('claude')).toThrow(failing('locked', 'credentials.key'));
    await expect(open().set('local', 'another-key')).rejects.toEqual(failing('locked'));
    expect(existsSync(keyFile())).toBe(false);
    writeFileSync(keyFile(), 'no key', { mode: 0o600 });
    expect(() => open().keyOf('claude')).toThrow(failing('damaged', 'credentials.key'));
    writeFileSync(keyFile(), Buffer.alloc(32).toString('base64'));
    expect(() => open().keyOf('claude')).toThrow(failing('locked', 'does not open'));
    writeFileSync(keyFile(), key);
    expect(open().keyOf('claude')).toBe(canary);
  });
});

describe.skipIf(process.platform === 'win32')('what others could read or exchange is not used', () => {
  test.each(['credentials.json', 'credentials.key'])('%s with a mode for others', async (name) => {
    await open().set('claude', canary);
    for (const mode of [0o640, 0o604, 0o666]) {
      chmodSync(join(folder, name), mode);
      expect(() => open().keyOf('claude')).toThrow(failing('exposed', name));
      expect(() => open().keyOf('claude')).toThrow(
        expect.objectContaining({ hint: expect.stringContaining(`chmod 600 ${join(folder, name)}`) }),
      );
      await expect(open().set('local', 'another-key')).rejects.toEqual(failing('exposed'));
    }
    chmodSync(join(folder, name), 0o600);
    expect(open().keyOf('claude')).toBe(canary);
  });

  test.each(['credentials.json', 'credentials.key'])('%s as a link or a folder', async (name) => {
    await open().set('claude', canary);
    const aside = join(folder, 'aside');
    renameSync(join(folder, name), aside);
    symlinkSync(aside, join(folder, name));
    expect(() => open().keyOf('claude')).toThrow(failing('exposed', 'link'));
    rmSync(join(folder, name));
    mkdirSync(join(folder, name));
    expect(() => open().keyOf('claude')).toThrow(failing('exposed'));
  });

  test('a folder that others can write', async () => {
    await open().set('claude', canary);
    chmodSync(folder, 0o777);
    const refused = failing('exposed', folder);
    expect(() => open().keyOf('claude')).toThrow(refused);
    await expect(open().set('claude', 'another-key')).rejects.toEqual(refused);
    chmodSync(folder, 0o755);
    expect(open().keyOf('claude')).toBe(canary);
  });

  test('nothing is stored where others can write', async () => {
    chmodSync(folder, 0o775);
    await expect(open().set('claude', canary)).rejects.toEqual(failing('exposed', folder));
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('many that store at once lose nothing', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `provider-${index}`);
  await Promise.all(names.map((name) => open().set(name, `key-of-${name}`)));
  expect(names.map((name) => open().keyOf(name))).toEqual(names.map((name) => `key-of-${name}`));
});

test('an attempt that was cut short is in nobody’s way', async () => {
  writeFileSync(`${file()}.draft`, 'half');
  writeFileSync(`${keyFile()}.draft`, 'half');
  await open().set('claude', canary);
  expect(open().keyOf('claude')).toBe(canary);
  expect(readdirSync(folder).sort()).toEqual(['credentials.json', 'credentials.key']);
});

test('only what can stand in a configuration is a name, and a key pasted in its place is not repeated', async () => {
  for (const name of ['', '__proto__', 'a b', `${canary}/${canary}`, 'x'.repeat(65)]) {
    const attempt = open().set(name, canary);
    await expect(attempt).rejects.toHaveProperty('code', 'usage-invalid');
    await expect(attempt).rejects.not.toHaveProperty('message', expect.stringContaining(canary));
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('asking makes nothing', async () => {
  const nowhere = createCredentialStore({ folder: join(folder, 'nowhere'), passphrase: null });
  expect(nowhere.list()).toEqual([]);
  expect(nowhere.keyOf('claude')).toBeNull();
  expect(nowhere.readableKeys()).toEqual([]);
  await expect(nowhere.remove('claude')).rejects.toEqual(failing('not-found'));
  expect(readdirSync(folder)).toEqual([]);
});
