import fc from 'fast-check';
import type { JsonValue } from '../src/core/index.ts';
import type { JsonSchema } from '../src/llm/index.ts';

/** Values that fit a schema, and no others; every property it names is there. */
export function fitting(schema: JsonSchema): fc.Arbitrary<JsonValue> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? []].flat();
  return fc.oneof(
    ...types.filter((type) => type !== 'number' || hasRoom(schema)).map((type) => ofType(type, schema)),
  );
}

function hasRoom({ exclusiveMinimum, maximum }: JsonSchema): boolean {
  return exclusiveMinimum === undefined || maximum === undefined || exclusiveMinimum < maximum;
}

function ofType(type: string, schema: JsonSchema): fc.Arbitrary<JsonValue> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.string({ minLength: schema.minLength ?? 0, unit: 'grapheme' });
    case 'number':
      return fc.double({
        min: schema.exclusiveMinimum ?? schema.minimum ?? -1e12,
        minExcluded: schema.exclusiveMinimum !== undefined,
        max: schema.maximum ?? 1e12,
        noNaN: true,
      });
    case 'array':
      return fc.array(fitting(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: schema.maxItems ?? 8,
      });
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, fitting(inner)])));
    }
    default:
      throw new RangeError(`no values are made for the type ${type}`);
  }
}
