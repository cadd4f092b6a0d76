import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedact } from './redact.ts';
import { redactPieces } from './redact-pieces.ts';

const secret = 'n/key"with\\every+thing$&-4711';
const redact = redactOf(secret);

function redactOf(key: string) {
  const providers = { local: { kind: 'openai-compatible', apiKeyEnv: 'LOCAL_KEY' } } as const;
  return createRedact({ providers, profiles: {} }, { LOCAL_KEY: key });
}

function piecesOf(given: readonly string[], { ended = true, by = redact } = {}): readonly string[] {
  const shown: string[] = [];
  const pieces = redactPieces(by, (piece) => shown.push(piece));
  for (const piece of given) pieces.push(piece);
  if (ended) pieces.end();
  expect(pieces.text).toBe(shown.join(''));
  return shown;
}

const jsonSpelling = (text: string) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

describe('pieces of a text', () => {
  test('in which no secret can have begun go out at once', () => {
    const given = ['The tr', 'end is ', '{"action":', '"BUY"}', ' today.'];
    expect(piecesOf(given, { ended: false })).toEqual(given);
  });

  test.each([
    ['as it is', secret],
    ['as escapes', jsonSpelling(secret)],
    ['as escapes of escapes', jsonSpelling(secret).replaceAll('\\', '\\\\')],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ['shaped like a key', 'sk-abcdefghijklmnopqrstuvwx'],
    ['in a header', 'Bearer abcdefghijklmnopqrstuvwx'],
  ])('hold no secret %s, wherever it is split', (_what, spelt) => {
    const whole = `before ${spelt} after`;
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(piecesOf([whole.slice(0, cut), whole.slice(cut)]).join('')).toBe('before [redacted] after');
    }
    expect(piecesOf([...whole]).join('')).toBe('before [redacted] after');
  });

  test('give the text that the whole would, however they are split', () => {
    const word = fc.constantFrom(
      secret,
      secret.slice(0, 9),
      secret.slice(3),
      'sk-',
      'Bearer',
      'u00',
      'up',
      '\\',
      '{"a":1}',
    );
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.nat(200)), (words, cuts) => {
        const whole = words.join(' ');
        const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const given = places.slice(1).map((place, at) => whole.slice(places[at], place));
        expect(piecesOf(given).join('')).toBe(redact(whole));
      }),
    );
  });

  test('never show what may be the head of a secret, when they do not go on', () => {
    expect(piecesOf(['My key is ', secret.slice(0, 12)], { ended: false })).toEqual(['My key is ']);
  });

  test('hold no secret that begins with another one', () => {
    const providers = {
      one: { kind: 'ollama', apiKeyEnv: 'ONE' },
      two: { kind: 'ollama', apiKeyEnv: 'TWO' },
    } as const;
    const both = createRedact({ providers, profiles: {} }, { ONE: 'abcdef-12', TWO: 'abcdef-12-xyz' });
    expect(piecesOf([...'abcdef-12-xyz abcdef-12.'], { by: both }).join('')).toBe('[redacted] [redacted].');
  });

  test('are searched for a key of any length', () => {
    const long = Array.from({ length: 3_000 }, (_, at) => String.fromCharCode(97 + ((at * at) % 26))).join(
      '',
    );
    const by = redactOf(long);
    expect(piecesOf(['to ', long.slice(0, 1_500), long.slice(1_500), ' it'], { by }).join('')).toBe(
      'to [redacted] it',
    );
  });

  test('of nothing but beginnings are searched within the time a test has', () => {
    const hostile = [`${'\\'.repeat(20_000)}${'n/key'.repeat(4_000)}`, 's'.repeat(20_000)];
    expect(piecesOf(hostile).join('')).toBe(hostile.join(''));
  });
});
