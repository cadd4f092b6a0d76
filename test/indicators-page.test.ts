import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indicatorFamilies, indicatorUsage } from '../src/market/indicators/index.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/indicators.md'), 'utf8');

test('docs/indicators.md has a row for each indicator, as the table in the code says', () => {
  const rows = indicatorFamilies.map((family) => {
    const numbers = family.parameters.map(
      ({ name, default: usual }) => `${name}${usual === null ? '' : ` ${usual}`}`,
    );
    const outputs = Object.entries(family.outputs).map(([suffix, unit]) =>
      suffix === '' ? unit : `\`.${suffix}\` ${unit}`,
    );
    return `| \`${indicatorUsage(family)}\` | ${family.summary} | ${numbers.join(', ')} | ${outputs.join(', ')} |`;
  });
  const written = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(written).toEqual(rows);
});
