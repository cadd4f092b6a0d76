import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import type { JsonSchema } from '../llm/index.ts';
import { validateJson } from '../llm/validate-json.ts';
import { fittingAnswer } from './index.ts';

const bound = fc.integer({ min: -20, max: 20 });
const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.constant<JsonSchema>({ type: 'boolean' }),
  fc.record({ type: fc.constantFrom('number', 'integer'), minimum: bound }),
  fc.record({ type: fc.constantFrom('number', 'integer'), exclusiveMinimum: bound }),
  fc.record({ type: fc.constantFrom('number', 'integer'), maximum: bound }),
  fc.record({ type: fc.constantFrom('number', 'integer'), exclusiveMaximum: bound }),
  fc
    .record({ type: fc.constant('number'), exclusiveMinimum: bound, room: fc.integer({ min: 1, max: 3 }) })
    .map(({ type, exclusiveMinimum, room }) => ({
      type,
      exclusiveMinimum,
      exclusiveMaximum: exclusiveMinimum + room,
    })),
  fc.record({ type: fc.constant('string'), minLength: fc.nat(9) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.nat(9) }),
  fc.record({ type: fc.constant('string'), enum: fc.array(fc.string(), { minLength: 1 }) }),
  fc.constant<JsonSchema>({ type: ['number', 'null'], exclusiveMinimum: 0 }),
);
const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(2) }),
    fc.dictionary(fc.string(), tie('schema'), { noNullPrototype: true }).map((properties) => ({
      type: 'object' as const,
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
  ),
}));

test('fits any schema that an answer may be described with', () => {
  fc.assert(
    fc.property(schema, (one) => {
      expect(validateJson(one, fittingAnswer(one))).toEqual([]);
    }),
  );
});

test('fits the schemas of the shipped prompts, and those of vendors in their dialects', () => {
  for (const [name, text] of Object.entries(shippedPrompts)) {
    if (!name.endsWith('.json')) continue;
    const shipped: JsonSchema = JSON.parse(text);
    expect(validateJson(shipped, fittingAnswer(shipped))).toEqual([]);
  }
  const dialect = {
    type: 'OBJECT',
    properties: {
      size: { anyOf: [{ type: 'number' }, { type: 'null' }] },
      stop: { type: 'NUMBER', nullable: true },
      kind: { const: 'trend' },
    },
  };
  expect(fittingAnswer(dialect as unknown as JsonSchema)).toEqual({ size: null, stop: null, kind: 'trend' });
});
