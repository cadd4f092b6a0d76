import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfiguration } from '../src/configuration/index.ts';
import { readPriceTable, shippedPrices } from '../src/llm/index.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/budgets.md'), 'utf8');
const [configuration = '', prices = ''] = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
  ([, text]) => text,
);
const cwd = mkdtempSync(join(tmpdir(), 'orrery-budgets-page-'));
afterAll(() => rmSync(cwd, { recursive: true }));

test('the configuration on docs/budgets.md can be read, and its models have prices', () => {
  writeFileSync(join(cwd, 'orrery.yaml'), configuration);
  const { llm } = loadConfiguration({ cwd, environment: {}, file: null, overrides: [] });
  expect(Object.keys(llm.budget ?? {})).toHaveLength(5);
  for (const { usdPerMillion } of Object.values(llm.profiles))
    expect(usdPerMillion?.output).toBeGreaterThan(0);
});

test('the file of prices on docs/budgets.md can be read, and says what is shipped', () => {
  const file = join(cwd, 'shown.yaml');
  writeFileSync(file, prices);
  const model = 'claude-haiku-4-5-20251001';
  const { source: _page, ...shown } = readPriceTable([file]).find('anthropic', model)!;
  expect(readPriceTable([shippedPrices]).find('anthropic', model)).toMatchObject(shown);
});
