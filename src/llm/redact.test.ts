import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedact } from './redact.ts';

const secret = 'canary+of/the=shell-1137';

function redactOf(...keys: readonly string[]) {
  const named = keys.map((key, at) => [`KEY_${at}`, key] as const);
  const providers = Object.fromEntries(
    named.map(([apiKeyEnv]) => [apiKeyEnv, { kind: 'ollama', apiKeyEnv }] as const),
  );
  return createRedact({ providers, profiles: {} }, Object.fromEntries(named));
}

const redact = redactOf(secret);
const escaped = (text: string, spell: (hexadecimal: string) => string) =>
  [...text].map((one) => spell(one.charCodeAt(0).toString(16).padStart(2, '0'))).join('');

describe('a key is redacted', () => {
  test.each([
    ['as it is', secret],
    ['behind a sign that begins an escape', `%${secret}`],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL of small digits', encodeURIComponent(secret).toLowerCase()],
    ['with every character as in a URL', escaped(secret, (digits) => `%${digits}`)],
    ['in a URL within a URL', encodeURIComponent(encodeURIComponent(secret))],
    ['in a URL within JSON', escaped(encodeURIComponent(secret), (digits) => `\\u00${digits}`)],
    ['in JSON that escapes slashes', secret.replaceAll('/', '\\/')],
    ['as escapes of JSON', escaped(secret, (digits) => `\\u00${digits}`)],
    ['as escapes of JSON in capitals', escaped(secret, (digits) => `\\u00${digits.toUpperCase()}`)],
    ['as escapes of a script', escaped(secret, (digits) => `\\x${digits}`)],
    ['as hexadecimal', Buffer.from(secret).toString('hex')],
    ['as hexadecimal in capitals', Buffer.from(secret).toString('hex').toUpperCase()],
  ])('%s', (_what, spelt) => {
    expect(redact(`before ${spelt} after`)).toMatch(/^before %?\[redacted\] after$/);
    expect(redact(spelt)).toMatch(/^%?\[redacted\]$/);
  });

  test.each(['base64', 'base64url'] as const)('in %s, whatever stands around it', (alphabet) => {
    for (const key of [secret, '~~~???>>>ÿ'.slice(0, 9), 'sh0rt!']) {
      for (const before of ['', ':', 'ab', 'user:', 'x'.repeat(57)]) {
        for (const after of ['', '\n', ' and more']) {
          const written = Buffer.from(before + key + after).toString(alphabet);
          const left = redactOf(key)(`Basic ${written}`).split('[redacted]');
          expect(left).toHaveLength(2);
          const shown = Buffer.from(left[0]!.slice('Basic '.length), 'base64').toString('latin1');
          expect(before.startsWith(shown.slice(0, before.length))).toBe(true);
          expect(shown.length - before.length).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  test('and another one that overlaps it, as one', () => {
    const both = redactOf('abcdef-123456', '123456-ghijkl');
    expect(both('an abcdef-123456-ghijkl.')).toBe('an [redacted].');
    expect(both('an abcdef-123456123456-ghijkl.')).toBe('an [redacted][redacted].');
    const shaped = redactOf('mnopqrst$uvw');
    expect(shaped('sk-abcdefghijklmnopqrst$uvw!')).toBe('[redacted]!');
  });

  test('in whose own letters an escape may be read', () => {
    for (const key of ['%41%42secret%zz', 'a\\u0041b\\\\c"d', '63abcdef', 'u0063rest']) {
      const by = redactOf(key);
      for (const text of [
        key,
        `%${key}`,
        `\\${key}`,
        `\\\\u00${key}`,
        JSON.stringify(key),
        encodeURIComponent(key),
      ]) {
        expect(by(text), `${key} in ${text}`).not.toContain(key.slice(2, -2));
      }
    }
  });
});

describe('what is no key', () => {
  test.each([
    'a task-oriented-decomposition-tree',
    'the risk-adjusted-performance-measure fell by 5%41',
    'disk-space-usage-of-the-host, C:\\users\\u00zz',
    '%%%25\\\\\\u00%',
    'the bearer of good news, Bearer of bad news',
    'canary',
  ])('stays: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('a text in pieces', () => {
  const word = fc.constantFrom(
    ...[
      secret,
      secret.slice(0, 9),
      secret.slice(3),
      encodeURIComponent(secret),
      'sk-',
      'ri',
      'sk-adjusted-performance-measure',
    ],
    ...[
      Buffer.from(`u:${secret}`).toString('base64'),
      'Bearer ',
      'u00',
      '\\',
      '%',
      '%2',
      '\\u00',
      'aaaa',
      ' ',
      '-',
      'é',
    ],
    ...[escaped(secret, (digits) => `%${digits}`), escaped(secret, (digits) => `\\u00${digits}`)],
  );
  test('is redacted as the whole would be, however it is split and whatever the keys are', () => {
    const keys = fc.constantFrom(
      redact,
      redactOf(secret, 'aaaaaaaab', 'aaaaaaa'),
      redactOf('canary+of/x', secret.slice(7)),
    );
    fc.assert(
      fc.property(keys, fc.array(word), fc.array(fc.nat(300)), (by, words, cuts) => {
        const whole = words.join('');
        const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const reading = by.begin();
        const given = places.slice(1).map((place, at) => reading.push(whole.slice(places[at], place)));
        expect(given.join('') + reading.end()).toBe(by(whole));
        expect(by(whole)).not.toContain(secret);
      }),
      { numRuns: 400 },
    );
  });

  test('that is cut off keeps the beginning of a key to itself', () => {
    expect(redact.begin().push(`yes ${secret.slice(0, -1)}`)).toBe('yes ');
  });

  test('takes time in proportion to its length, whatever it holds', () => {
    const hostile = [
      'sk-'.repeat(20_000),
      `sk-${'a'.repeat(60_000)}`,
      'canary+of/'.repeat(6_000),
      '\\'.repeat(60_000),
      `Bearer${' '.repeat(60_000)}`,
    ];
    const began = performance.now();
    for (const text of hostile) {
      const reading = redact.begin();
      let given = '';
      for (let at = 0; at < text.length; at += 4) given += reading.push(text.slice(at, at + 4));
      expect(given + reading.end()).toBe(redact(text));
    }
    // A search that begins anew at every piece takes a hundred times as long.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
