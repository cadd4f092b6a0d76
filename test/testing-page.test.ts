import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeProviderOptions, FakeReply } from '../src/testing/index.ts';
import { runProgram } from './page-program.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const examples = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
const testing = pathToFileURL(join(root, 'src/testing/index.ts')).href;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-testing-page-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs an example as a program, on the sources instead of the package. */
function run(code: string, beside: { readonly [file: string]: string } = {}) {
  const files = { ...beside, 'example.ts': code.replaceAll("'orrery-desk/testing'", `'${testing}'`) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/esm/index.mjs')).href;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, join(folder, 'example.ts')],
    { encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, stderr };
}

test('the first example of docs/testing.md runs, and its assertions hold', () => {
  expect(run(examples[0] ?? '')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('the last one says what holds of a provider and what does not', () => {
  const provider = `export default () => ({ async chat() { throw new Error('not yet'); } });`;
  const { status, stdout } = run(examples[2] ?? '', { 'my-provider.ts': provider });
  expect(status).toBe(1);
  expect(stdout).toContain('FAIL text checked failed: not yet');
  expect(stdout).toContain('ok   unauthorized is not retryable');
});

test('the one for the command line runs until it is interrupted', async () => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  // Any port: somebody may have the one on the page.
  writeFileSync(join(folder, 'running.ts'), (examples[1] ?? '').replace('4010', '0'));
  const ended = await runProgram(join(folder, 'running.ts'), { cwd: folder, until: '/v1\n' });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^listening at http:\/\/127\.0\.0\.1:\d+\/v1\n$/);
});

test('every option of a fake provider is in its table', () => {
  const options: { readonly [Option in keyof FakeProviderOptions]-?: true } = {
    ...{ port: true, models: true, usage: true, embeddingError: true },
  };
  const table = page.slice(page.indexOf('| option |')).split('\n\n')[0] ?? '';
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(Object.keys(options));
});

test('every kind of reply is in its tables', () => {
  const kinds: { readonly [Kind in FakeReply['kind']]: true } = {
    answer: true,
    text: true,
    tools: true,
    refusal: true,
    'rate-limit': true,
    overloaded: true,
    'server-error': true,
    unauthorized: true,
    'context-too-long': true,
    http: true,
    'wrong-schema': true,
    'truncated-json': true,
    'truncated-stream': true,
    'error-midway': true,
    'broken-off': true,
    reset: true,
    stall: true,
    'stall-midway': true,
    slow: true,
    mislabelled: true,
  };
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const kind of Object.keys(kinds)) {
    expect(
      rows.filter((row) => row.split('|')[1]?.includes(kind)),
      kind,
    ).not.toEqual([]);
  }
});
