import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import createProvider from '../examples/provider-plugin.ts';
import { checkProvider, type ProviderParts } from '../src/testing/index.ts';
import { runProgram } from './page-program.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'examples');
const page = (name: string) => readFileSync(join(root, name), 'utf8');

/** What each example is to print. */
const programs: {
  readonly [name: string]: { readonly prints: RegExp; readonly until?: string; readonly args?: string[] };
} = {
  'count-what-a-run-costs.ts': {
    prints: /^8 bars, \d+ questions, \$0\.\d\d\n(orrery_llm_cost_usd_total\{.*\} [\d.]+\n){4}$/,
  },
  'keep-a-fake-provider-running.ts': {
    ...{ args: ['0'], until: 'profiles:', prints: /baseUrl: "http:\/\/127\.0\.0\.1:\d+\/v1"/ },
  },
  'run-an-ensemble.ts': { prints: /^partial: 6 words, the longest has 6 letters\nfailed: .*"index":4/ },
};

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-examples-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

test('every example is run here', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  expect(files).toEqual([...Object.keys(programs), 'provider-plugin.ts'].toSorted());
});

test.each(Object.entries(programs))(
  'examples/%s ends well, and says what it should',
  async (name, program) => {
    const { status, stdout, stderr } = await runProgram(join(folder, name), { cwd, ...program });
    expect(stdout, stderr).toMatch(program.prints);
    expect(status).toBe(0);
  },
);

test('the plug-in holds in every case of checkProvider', async () => {
  const checks = await checkProvider(createProvider as (parts: ProviderParts) => unknown);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.length).toBeGreaterThan(15);
});

test('docs/llm.md shows it as it is', () => {
  const [, ...code] = readFileSync(join(folder, 'provider-plugin.ts'), 'utf8').split('\n');
  expect(page('docs/llm.md')).toContain(`\`\`\`ts\n${code.join('\n')}\`\`\``);
});
