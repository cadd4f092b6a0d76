import { expect, test } from 'vitest';
import { hideSecrets } from './hide-secrets.ts';

const secret = 'a"b\\c d/+$^.*é';

test('a secret is hidden as it is, and as JSON and URLs write it', () => {
  const { inText, inJson } = hideSecrets([secret, 'a"b\\c d/+$^.*é and more']);
  for (const text of [
    secret,
    `${secret} and more`,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    encodeURIComponent(secret),
  ]) {
    expect(inText(`<${text}>`), text).toBe('<[redacted]>');
  }
  expect(inJson({ [secret]: [secret, 1, null] })).toEqual({ '[redacted]': ['[redacted]', 1, null] });
});

test('what looks like a key is hidden in texts; short words are left', () => {
  const { inText, inJson } = hideSecrets(['short', '']);
  const key = `sk-${'x'.repeat(20)}`;
  expect(inText(`short ${key}`)).toBe('short [redacted]');
  expect(inJson(key)).toBe(key);
});

test('hostile texts take no longer than others', () => {
  const lines = Array.from({ length: 50 }, (_, line) => `line-${line}-`.padEnd(64, '\\'));
  const { inText } = hideSecrets([lines.join('\n'), '\\\\\\\\\\\\\\\\']);
  const startedMs = performance.now();
  inText('\\'.repeat(500_000));
  inText('line-1'.repeat(100_000));
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});
