import type { JsonValue } from '../core/index.ts';

export type Schema = { readonly [key: string]: JsonValue };

/**
 * A prompt's schema, narrowed to what this question admits: evidence ids are `offered`, and numbers keep within
 * `bounds`. Descriptions stay, as they are part of the prompt.
 */
export function narrowSchema(
  schema: Schema,
  offered: readonly string[],
  maxima: { readonly [property: string]: number } = {},
): Schema {
  const properties = schema['properties'] as { readonly [name: string]: Schema };
  const narrowed: { [name: string]: Schema } = { ...properties };
  const keyFactors = properties['keyFactors'];
  if (keyFactors !== undefined) narrowed['keyFactors'] = withEvidenceIds(keyFactors, offered);
  for (const [property, maximum] of Object.entries(maxima)) {
    const own = properties[property];
    if (own !== undefined) narrowed[property] = { ...own, maximum };
  }
  return { ...schema, properties: narrowed };
}

function withEvidenceIds(keyFactors: Schema, ids: readonly string[]): Schema {
  const item = keyFactors['items'] as Schema;
  const fields = item['properties'] as { readonly [name: string]: Schema };
  const evidence = { ...fields['evidence'], items: { type: 'string', enum: ids } };
  return { ...keyFactors, items: { ...item, properties: { ...fields, evidence } } };
}
