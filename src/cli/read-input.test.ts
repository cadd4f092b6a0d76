import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readInput } from './read-input.ts';

function read(...parts: readonly (string | Uint8Array)[]) {
  const stdin = new PassThrough();
  for (const part of parts) stdin.write(part);
  stdin.end();
  return readInput(stdin, () => undefined, new AbortController().signal);
}

test('all of it comes unchanged, also a character in two pieces', async () => {
  expect(await read('a\r\n', ' b\n')).toBe('a\r\n b\n');
  expect(await read(new Uint8Array([0xc3]), new Uint8Array([0xbc]))).toBe('ü');
  expect(await read()).toBe('');
});

test('what is no text is refused', async () => {
  await expect(read(new Uint8Array([0xc3]))).rejects.toMatchObject({
    ...{ code: 'usage-invalid', message: 'what came on stdin is no text in UTF-8' },
  });
});

test('who is interrupted waits no longer', async () => {
  const stop = new AbortController();
  const reading = readInput(new PassThrough(), () => undefined, stop.signal);
  stop.abort();
  await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
});
