import { z } from 'zod';
import { parseMoon } from '../agents/index.ts';
import { deskTextSchema } from '../desk/index.ts';
import { ensembleTextSchema } from '../ensemble/index.ts';
import { ensembleRunners } from './ensemble-runners.ts';

/** JSON Schemas of the files people write, by the path under the package where they lie. */
export function editorSchemas(): { readonly [file: string]: object } {
  const nothing = { llm: { providers: {}, profiles: {} }, environment: {}, storedKeys: noKeys };
  const { written } = ensembleRunners({
    ...{ access: nothing, ask: null, given: new Map(), answers: null },
    models: () => {
      throw new RangeError('a schema asks no model');
    },
  });
  return {
    'desks/schema.json': jsonSchema('A desk of Orrery', deskTextSchema(parseMoon)),
    'ensembles/schema.json': jsonSchema('An ensemble of Orrery', ensembleTextSchema(written)),
  };
}

const noKeys = { keyOf: () => null, readableKeys: () => [] };

function jsonSchema(title: string, schema: z.ZodType): object {
  return { title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'ref' }) };
}
