import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { editorSchemas } from '../src/orrery/index.ts';

const root = resolve(import.meta.dirname, '..');

describe.each(Object.entries(editorSchemas()))('%s', (file, schema) => {
  test('is what the program reads; `npx tsx scripts/make-schemas.ts` writes it anew', () => {
    expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toEqual(schema);
  });

  test('takes what ships, and not a misspelt key', () => {
    const folder = join(root, file, '..');
    const shipped = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    expect(shipped.length).toBeGreaterThan(0);
    const reader = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
    const fits = (value: unknown) => reader.safeParse(value).success;
    for (const name of shipped) {
      const value = parse(readFileSync(join(folder, name), 'utf8'));
      expect([name, fits(value)]).toEqual([name, true]);
      expect([name, fits({ ...value, agent: [] })]).toEqual([name, false]);
    }
  });
});
