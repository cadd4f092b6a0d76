import { isNestedDeeperThan, type JsonValue, OrreryError } from '../core/index.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * What of `value` does not fit `schema`, in words a model can act on (`confidence: expected at most 1, got 1.5`); empty when it fits.
 *
 * Not zod's `fromJSONSchema`: schemas differ from call to call (the evidence ids on offer), and building one there costs
 * 0.2 to 0.3 ms; it passes over keywords it does not know, and answers `Invalid input` for a type such as number-or-null.
 * @throws OrreryError `prompt-invalid` when the schema uses a keyword that would not be checked.
 */
export function validateJson(schema: JsonSchema, value: JsonValue): readonly string[] {
  if (isNestedDeeperThan(deepest, value))
    return [`the answer: expected at most ${deepest} levels of nesting`];
  const problems: string[] = [];
  check(schema, value, '', problems);
  return problems;
}

/** More than any schema asks for, and far less than a recursion over the value can bear. */
const deepest = 64;

const keywords: { readonly [Keyword in keyof Required<JsonSchema>]: true } = {
  $schema: true,
  title: true,
  description: true,
  type: true,
  enum: true,
  properties: true,
  required: true,
  additionalProperties: true,
  items: true,
  minItems: true,
  maxItems: true,
  minLength: true,
  maxLength: true,
  minimum: true,
  maximum: true,
  exclusiveMinimum: true,
  exclusiveMaximum: true,
};

function check(schema: JsonSchema, value: JsonValue, path: string, problems: string[]): void {
  refuseUnknownKeywords(schema, path);
  const expect = (what: string) =>
    problems.push(`${path === '' ? 'the answer' : path}: expected ${what}, got ${describe(value)}`);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    expect(types.join(' or '));
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((member) => member === value)) {
    expect(
      schema.enum.length === 0
        ? 'nothing (there is no choice)'
        : `one of ${schema.enum.map((member) => JSON.stringify(member)).join(', ')}`,
    );
    return;
  }
  if (typeof value === 'number') checkNumber(schema, value, expect);
  else if (typeof value === 'string') checkString(schema, value, expect);
  else if (isArray(value)) checkArray(schema, value, path, problems);
  else if (typeof value === 'object' && value !== null) checkObject(schema, value, path, problems);
}

function checkNumber(schema: JsonSchema, value: number, expect: (what: string) => void): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && value < minimum) expect(`at least ${minimum}`);
  if (maximum !== undefined && value > maximum) expect(`at most ${maximum}`);
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) expect(`more than ${exclusiveMinimum}`);
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) expect(`less than ${exclusiveMaximum}`);
}

function checkString(schema: JsonSchema, value: string, expect: (what: string) => void): void {
  if (schema.minLength === undefined && schema.maxLength === undefined) return;
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength) {
    expect(`at least ${schema.minLength} characters`);
  }
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    expect(`at most ${schema.maxLength} characters`);
  }
}

function checkArray(schema: JsonSchema, value: readonly JsonValue[], path: string, problems: string[]): void {
  const count = (what: string) =>
    problems.push(`${path === '' ? 'the answer' : path}: expected ${what} items, got ${value.length}`);
  if (schema.minItems !== undefined && value.length < schema.minItems) count(`at least ${schema.minItems}`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) count(`at most ${schema.maxItems}`);
  const { items } = schema;
  if (items !== undefined) {
    value.forEach((item, index) => {
      check(items, item, `${path}[${index}]`, problems);
    });
  }
}

function checkObject(
  schema: JsonSchema,
  value: { readonly [key: string]: JsonValue },
  path: string,
  problems: string[],
): void {
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push(`${inside(name)}: missing`);
  }
  for (const [name, inner] of Object.entries(value)) {
    const property =
      schema.properties !== undefined && Object.hasOwn(schema.properties, name)
        ? schema.properties[name]
        : undefined;
    if (property !== undefined) check(property, inner, inside(name), problems);
    else if (schema.additionalProperties === false)
      problems.push(`${inside(beginning(name))}: not asked for`);
  }
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      // JSON.parse reads 1e999 as Infinity, which no part of the program can use.
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

/** `Array.isArray` does not narrow a readonly array out of {@link JsonValue}. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function describe(value: JsonValue): string {
  if (typeof value === 'number') return String(value);
  return beginning(JSON.stringify(value));
}

function beginning(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function refuseUnknownKeywords(schema: JsonSchema, path: string): void {
  for (const keyword of Object.keys(schema)) {
    if (Object.hasOwn(keywords, keyword)) continue;
    throw new OrreryError(
      'prompt-invalid',
      `The answer's schema uses "${keyword}"${path === '' ? '' : ` at ${path}`}, which Orrery does not check`,
      { hint: `Use only ${Object.keys(keywords).join(', ')}.` },
    );
  }
}
