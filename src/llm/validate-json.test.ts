import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonValue } from '../core/index.ts';
import type { JsonSchema } from './json-schema.ts';
import { validateJson } from './validate-json.ts';

const proposal: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['action', 'confidence', 'reasoning', 'keyFactors', 'sizePct', 'stop'],
  properties: {
    action: { type: 'string', enum: ['BUY', 'SELL', 'HOLD'] },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    reasoning: { type: 'string', minLength: 1 },
    keyFactors: {
      type: 'array',
      maxItems: 2,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['text', 'evidence'],
        properties: {
          text: { type: 'string' },
          evidence: { type: 'array', items: { type: 'string', enum: ['e1', 'e2'] } },
        },
      },
    },
    sizePct: { type: ['number', 'null'], exclusiveMinimum: 0, maximum: 50 },
    stop: { type: ['number', 'null'], exclusiveMinimum: 0 },
  },
};

const good = {
  action: 'BUY',
  confidence: 0.7,
  reasoning: 'up',
  keyFactors: [{ text: 'trend', evidence: ['e1'] }],
  sizePct: 10,
  stop: null,
};

describe('validateJson', () => {
  test('accepts what fits, at the edges of every range too', () => {
    expect(validateJson(proposal, good)).toEqual([]);
    expect(validateJson(proposal, { ...good, confidence: 0, sizePct: 50 })).toEqual([]);
    expect(validateJson(proposal, { ...good, confidence: 1, keyFactors: [] })).toEqual([]);
  });

  const unfit: readonly (readonly [string, JsonValue, string])[] = [
    ['a number too large', { ...good, confidence: 1.5 }, 'confidence: expected at most 1, got 1.5'],
    ['a number as text', { ...good, confidence: '0.7' }, 'confidence: expected number, got "0.7"'],
    ['a bound that is itself excluded', { ...good, stop: 0 }, 'stop: expected more than 0, got 0'],
    ['a third type', { ...good, stop: 'none' }, 'stop: expected number or null, got "none"'],
    [
      'a number JSON can spell and nobody can use',
      JSON.parse(JSON.stringify(good).replace('0.7', '1e999')),
      'confidence: expected number, got Infinity',
    ],
    [
      'an unknown choice',
      { ...good, action: 'buy' },
      'action: expected one of "BUY", "SELL", "HOLD", got "buy"',
    ],
    [
      'evidence that was not offered',
      { ...good, keyFactors: [{ text: 'x', evidence: ['e1', 'e9'] }] },
      'keyFactors[0].evidence[1]: expected one of "e1", "e2", got "e9"',
    ],
    [
      'too many items',
      { ...good, keyFactors: Array(3).fill(good.keyFactors[0]) },
      'keyFactors: expected at most 2 items, got 3',
    ],
    ['empty text', { ...good, reasoning: '' }, 'reasoning: expected at least 1 characters, got ""'],
    ['a property nobody asked for', { ...good, size: 1 }, 'size: not asked for'],
    ['only the beginning of a long name', { ...good, ['x'.repeat(999)]: 1 }, `${'x'.repeat(60)}…: not asked`],
    [
      'a hidden prototype',
      JSON.parse(JSON.stringify(good).replace('{', '{"__proto__":{},')),
      '__proto__: not asked for',
    ],
    ['something else altogether', [good], 'the answer: expected object, got'],
  ];
  test.each(unfit)('names %s', (_what, value, problem) => {
    expect(validateJson(proposal, value).join('\n')).toContain(problem);
  });

  test('names everything that is missing', () => {
    expect(validateJson(proposal, {})).toHaveLength(6);
    expect(validateJson(proposal, {})[5]).toBe('stop: missing');
  });

  test('refuses a keyword it would not check, so that no schema promises more than the program keeps', () => {
    const schema = {
      type: 'object',
      properties: { symbol: { type: 'string', pattern: '^[A-Z]+$' } },
    } as const;
    expect(() => validateJson(schema, { symbol: 'x' })).toThrow(/"pattern" at symbol/);
  });

  test('agrees with zod, which reads the same schemas, on arbitrary values', () => {
    const reference = z.fromJSONSchema(JSON.parse(JSON.stringify(proposal)));
    const number = fc.oneof(
      fc.constantFrom(0, 1, 50, 51, -1),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const anything = fc.oneof(number, fc.constantFrom(null, true, '', 'BUY', 'e1', 'e3'), fc.constant([]));
    const evidence = fc.array(fc.constantFrom('e1', 'e2', 'e3'), { maxLength: 3 });
    const factor = fc.record(
      { text: fc.string(), evidence: fc.oneof(evidence, anything) },
      { requiredKeys: ['text'] },
    );
    const answer = fc.record(
      {
        action: fc.constantFrom('BUY', 'HOLD', 'CLOSE'),
        confidence: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), anything),
        reasoning: fc.oneof(fc.string(), anything),
        keyFactors: fc.array(factor, { maxLength: 3 }),
        sizePct: fc.oneof(number, fc.constant(null)),
        stop: fc.oneof(number, fc.constant(null), fc.constant('x')),
        extra: anything,
      },
      { requiredKeys: ['action', 'confidence', 'reasoning', 'keyFactors', 'sizePct', 'stop'] },
    );
    fc.assert(
      fc.property(answer, (value) => {
        const json: JsonValue = JSON.parse(JSON.stringify(value));
        expect(validateJson(proposal, json).length === 0).toBe(reference.safeParse(json).success);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
