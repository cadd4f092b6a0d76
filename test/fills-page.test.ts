import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compatible, honest } from '../src/trading/index.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/fills.md'), 'utf8');

test('docs/fills.md has one row for each convention in which compatibility mode differs', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(Object.keys(honest).sort());
  for (const name of Object.keys(honest) as (keyof typeof honest)[])
    expect(honest[name]).not.toBe(compatible[name]);
});
