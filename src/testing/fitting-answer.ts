import type { JsonValue } from '../core/index.ts';
import type { JsonSchema } from '../llm/index.ts';

/** What providers' own dialects of a schema add to ours. */
type AnySchema = JsonSchema & {
  readonly const?: JsonValue;
  readonly anyOf?: readonly AnySchema[];
  readonly oneOf?: readonly AnySchema[];
  readonly nullable?: boolean;
};

/** The plainest value that fits a schema: the first choice, the least number, the shortest list; null where that is allowed. */
export function fittingAnswer(schema: JsonSchema): JsonValue {
  const { const: constant, enum: choices, anyOf, oneOf, nullable, ...rest }: AnySchema = schema;
  if (constant !== undefined) return constant;
  if (choices?.[0] !== undefined) return choices[0];
  if (nullable) return null;
  const options = anyOf ?? oneOf;
  if (options !== undefined) {
    const empty = options.find(({ type }) => type === 'null');
    return fittingAnswer(empty ?? options[0] ?? {});
  }
  // Google writes types in capitals.
  const types = [rest.type ?? []].flat().map((type) => type.toLowerCase());
  return types.includes('null') ? null : ofType(types[0] ?? guessType(rest), rest);
}

function guessType({ properties, items }: JsonSchema): string {
  if (properties !== undefined) return 'object';
  return items === undefined ? 'null' : 'array';
}

function ofType(type: string, schema: JsonSchema): JsonValue {
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, fittingAnswer(inner)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => fittingAnswer(schema.items ?? {}));
    case 'string':
      return 'none'.padEnd(schema.minLength ?? 0, '.').slice(0, schema.maxLength ?? Infinity);
    case 'boolean':
      return false;
    case 'integer':
      return Math.ceil(leastNumber(schema, 1));
    case 'number':
      return leastNumber(schema, 0);
    default:
      return null;
  }
}

/** Zero where that fits. `step` is how far from an excluded bound a value must be. */
function leastNumber(
  { minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema,
  step: 0 | 1,
): number {
  const from = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity);
  const to = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity);
  const isFrom = minimum !== undefined && minimum > (exclusiveMinimum ?? -Infinity);
  const isTo = maximum !== undefined && maximum < (exclusiveMaximum ?? Infinity);
  const fits = (value: number) =>
    (isFrom ? value >= from : value > from) && (isTo ? value <= to : value < to);
  const between = Number.isFinite(from) && Number.isFinite(to) ? (from + to) / 2 : 0;
  const tries = step === 1 ? [0, from, from + 1, to, to - 1] : [0, from, to, between, from + 1, to - 1];
  return tries.find((value) => Number.isFinite(value) && fits(value)) ?? 0;
}
