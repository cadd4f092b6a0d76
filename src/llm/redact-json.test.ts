import { expect, test } from 'vitest';
import type { JsonValue } from '../core/index.ts';
import { redactJson } from './redact-json.ts';

const redact = (text: string) => text.replaceAll('secret', '[redacted]');

test('strings are redacted wherever they stand, and nothing else is touched', () => {
  const value = { list: ['a secret', 1, null, true, { deep: 'secret' }], 'the secret': [], plain: 'plain' };
  expect(redactJson(value, redact)).toEqual({
    list: ['a [redacted]', 1, null, true, { deep: '[redacted]' }],
    'the [redacted]': [],
    plain: 'plain',
  });
});

test('no field is lost because its name becomes that of another', () => {
  const named = { '[redacted]': 1, secret: 2, ' secret': 3 };
  const kept = redactJson(named, (text) => redact(text.trim()));
  expect(kept).toEqual({ '[redacted]': 1, '[redacted] 2': 2, '[redacted] 3': 3 });
});

test('a field of an odd name stays a field', () => {
  const odd: JsonValue = JSON.parse('{"__proto__":{"a":"secret"},"constructor":1}');
  expect(JSON.stringify(redactJson(odd, redact))).toBe('{"__proto__":{"a":"[redacted]"},"constructor":1}');
});
