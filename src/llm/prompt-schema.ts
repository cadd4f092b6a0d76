import { z } from 'zod';
import type { JsonValue, OrreryError } from '../core/index.ts';
import { checkShape } from '../yaml/index.ts';
import type { JsonSchema } from './json-schema.ts';

const words = z.string().describe('text');
const count = z.int().min(0).describe('a whole number ≥ 0');
const number = z.number().describe('a number');
const type = z
  .enum(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])
  .describe('object, array, string, number, integer, boolean or null');

/** What {@link JsonSchema} admits; a keyword that would not be checked is refused before anybody is asked. */
const jsonSchema: z.ZodType<unknown> = z.lazy(() => z.strictObject(keywords).partial());

const keywords = {
  $schema: words,
  title: words,
  description: words,
  type: z.union([type, z.array(type).min(1)]).describe('a type, or a list of types'),
  enum: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe('a list of texts, numbers, true, false or null'),
  properties: z.record(z.string(), jsonSchema),
  required: z.array(words).describe("a list of properties' names"),
  additionalProperties: z.boolean().describe('true or false'),
  items: jsonSchema,
  ...{ minItems: count, maxItems: count, minLength: count, maxLength: count },
  ...{ minimum: number, maximum: number, exclusiveMinimum: number, exclusiveMaximum: number },
} satisfies { readonly [Keyword in keyof Required<JsonSchema>]: z.ZodType };

export interface SchemaRequest {
  /** As the reader of an error knows it. */
  readonly where: string;
  readonly value: JsonValue;
}

/**
 * A JSON Schema that an answer can be held to, as it was written: its order is what a model reads.
 * @throws OrreryError `prompt-invalid` for what is none, or says more than is checked
 */
export function readAnswerSchema({ where, value }: SchemaRequest): JsonSchema {
  checkShape({
    ...{ value, where, schema: jsonSchema, code: 'prompt-invalid' },
    hint: 'The part of JSON Schema that answers are held to is in docs/ensemble-llm.md.',
  });
  return value as JsonSchema;
}

/** The value of a JSON file. @throws OrreryError what `fail` makes */
export function parseSchemaFile(file: string, text: string, fail: (why: string) => OrreryError): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (thrown) {
    throw fail(
      `its schema ${file} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
