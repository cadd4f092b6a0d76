import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchemas } from '../src/orrery/index.ts';

// What editors check YAML against. To be run when a key is added; a test compares.
for (const [file, schema] of Object.entries(editorSchemas())) {
  writeFileSync(join(import.meta.dirname, '..', file), `${JSON.stringify(schema, null, 2)}\n`);
}
