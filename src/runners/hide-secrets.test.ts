import { expect, test } from 'vitest';
import type { JsonValue } from '../core/index.ts';
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

test('a secret of digits is hidden as a number, too', () => {
  const { inJson } = hideSecrets(['12345678', '0087654321', '12345678901234567890', '1.00000', 'a-1']);
  const printed: JsonValue = {
    a: [12345678, -12345678, 912345678.5],
    b: 87654321,
    c: Number('12345678901234567890'),
  };
  const hidden = '[redacted]';
  expect(inJson(printed)).toEqual({ a: [hidden, hidden, hidden], b: hidden, c: hidden });
  expect(inJson([1, 1234567, 0.5])).toEqual([1, 1234567, 0.5]);
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
