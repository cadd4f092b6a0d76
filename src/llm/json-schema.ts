type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/**
 * The part of JSON Schema (draft 2020-12) that an answer may be described with: what OpenAI's strict mode accepts and
 * {@link validateJson} checks. Nothing else is admitted, so the schema a model is shown is exactly what the program accepts.
 */
export interface JsonSchema {
  /** For editors; says nothing about the answer. */
  readonly $schema?: string;
  readonly title?: string;
  /** Part of the prompt: models read it. */
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** In Unicode characters, like `maxLength`. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}
