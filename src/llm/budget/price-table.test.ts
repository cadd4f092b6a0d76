import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readYamlFile } from '../../yaml/index.ts';
import { readPriceTable, shippedPrices } from './price-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-prices-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(...entries: readonly string[]): string {
  const file = join(folder, `prices-${++files}.yaml`);
  const list = entries.map((entry) => `  - { ${entry} }`).join('\n');
  writeFileSync(file, `unit: usd-per-million-tokens\nprices:\n${list}\n`);
  return file;
}

const mini = 'provider: openai, model: mini, input: 1, output: 2';

test('a model is found by kind and name, and by the name of a dated snapshot, and by nothing else', () => {
  const table = readPriceTable([
    fileOf(mini, 'provider: openai, model: mini-2025-08-07, input: 3, output: 4'),
  ]);
  expect(table.find('openai', 'mini')).toMatchObject({ input: 1, output: 2 });
  expect(table.find('openai', 'mini-20250929')).toMatchObject({ input: 1 });
  expect(table.find('openai', 'mini-2026-01-01')).toMatchObject({ input: 1 });
  expect(table.find('openai', 'mini-2025-08-07')).toMatchObject({ input: 3 });
  for (const other of ['min', 'mini-latest', 'mini-2', 'minis', 'mini-20250929-x', 'MINI', 'mini-12345678']) {
    expect(table.find('openai', other), other).toBeNull();
  }
  expect(table.find('anthropic', 'mini')).toBeNull();
});

test('of two files that price a model the later one holds, for its snapshots too', () => {
  const under = fileOf(mini, 'provider: openai, model: mini-20250929, input: 3, output: 4');
  const over = fileOf('provider: openai, model: mini, input: 0, output: 0, knowledgeCutoff: 2024-05-31');
  const table = readPriceTable([under, over]);
  expect(table.find('openai', 'mini-20250929')).toMatchObject({ input: 0, knowledgeCutoff: '2024-05-31' });
});

test.each([
  [
    'a price below zero',
    'provider: a, model: b, input: -1, output: 2',
    '3:37: `prices[0].input`: expected dollars',
  ],
  [
    'a misspelt key',
    'provider: a, model: b, input: 1, outptu: 2',
    'unknown key `outptu` in `prices[0]`; did you mean',
  ],
  ['no output', 'provider: a, model: b, input: 1', '3:5: `prices[0].output` is missing'],
  ['a date that is none', `${mini}, asOf: yesterday`, '`prices[0].asOf`: expected a date such as 2025-03-31'],
])('%s is refused with its line', (_, entry, message) => {
  const file = fileOf(entry);
  expect(() => readPriceTable([file])).toThrow(
    expect.objectContaining({ code: 'configuration-invalid', message: expect.stringContaining(message) }),
  );
  expect(() => readPriceTable([file])).toThrow(`${file}:`);
});

test('a model that is priced twice is refused with the line of the second', () => {
  const file = fileOf(mini, mini);
  expect(() => readPriceTable([file])).toThrow(`${file}:4:32: mini of openai is priced twice; keep one`);
});

test('a file in another unit is refused', () => {
  const file = join(folder, 'other.yaml');
  writeFileSync(file, 'unit: usd-per-thousand-tokens\nprices: []\n');
  expect(() => readPriceTable([file])).toThrow(`${file}:1:7: \`unit\``);
});

test('each price that ships names an address of its vendor and a day', () => {
  const { prices } = readYamlFile({
    ...{ file: shippedPrices, code: 'configuration-invalid', hint: '' },
    schema: z.looseObject({ prices: z.array(z.looseObject({ provider: z.string(), model: z.string() })) }),
  });
  expect(prices.length).toBeGreaterThan(10);
  const table = readPriceTable([shippedPrices]);
  const pages: { readonly [kind: string]: RegExp } = {
    anthropic: /^https:\/\/platform\.claude\.com\/docs\//,
    openai: /^https:\/\/developers\.openai\.com\//,
  };
  for (const { provider, model } of prices) {
    const found = table.find(provider, model);
    expect(found?.source).toMatch(pages[provider]!);
    expect(found?.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    // Reading a cache never costs more than reading the prompt, and writing one never less.
    expect(found!.cachedInput ?? 0).toBeLessThanOrEqual(found!.input);
    expect(found!.cacheWrite ?? found!.input).toBeGreaterThanOrEqual(found!.input);
  }
});
