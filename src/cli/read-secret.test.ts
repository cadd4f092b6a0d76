import { expect, test } from 'vitest';
import { readSecret, type SecretInput } from './read-secret.ts';

/** A terminal that hands out keystrokes, and says what it was told. */
function terminal(keys: readonly string[]) {
  const log: string[] = [];
  const input: SecretInput = {
    isTTY: true,
    setRawMode: (raw) => log.push(raw ? '(unseen)' : '(seen)'),
    async *[Symbol.asyncIterator]() {
      yield* keys;
    },
  };
  return { log, read: () => readSecret(input, (text) => log.push(text), 'Key: ') };
}

const piped = (...parts: readonly string[]) =>
  readSecret(
    {
      async *[Symbol.asyncIterator]() {
        yield* parts;
      },
    },
    () => expect.fail('nobody is there to be asked'),
    '',
  );

test('what is typed is read unseen, with the mending that people do', async () => {
  const { log, read } = terminal(['wrong\x15sk-', 'secrex\x7f', 't', '\rrest']);
  expect(await read()).toBe('sk-secret');
  expect(log).toEqual(['(unseen)', 'Key: ', '(seen)', '\n']);
});

test.each([
  { keys: ['sk-', '\x03'], code: 'interrupted' },
  { keys: ['\r'], code: 'usage-invalid' },
  { keys: ['\x04'], code: 'usage-invalid' },
  { keys: [], code: 'usage-invalid' },
])('the terminal is as before when $keys ends in $code', async ({ keys, code }) => {
  const { log, read } = terminal(keys);
  await expect(read()).rejects.toMatchObject({ code });
  expect(log).toEqual(['(unseen)', 'Key: ', '(seen)', '\n']);
});

test('what is piped loses one line break at its end', async () => {
  expect(await piped('sk-sec', 'ret\n')).toBe('sk-secret');
  expect(await piped('sk-secret\r\n')).toBe('sk-secret');
  expect(await piped('sk-secret')).toBe('sk-secret');
  expect(await piped('sk-secret\n\n')).toBe('sk-secret\n');
});

test('nothing, or a whole file, is refused', async () => {
  for (const parts of [[], [''], ['\n'], ['x'.repeat(20_000)]]) {
    await expect(piped(...parts)).rejects.toMatchObject({ code: 'usage-invalid' });
  }
});
