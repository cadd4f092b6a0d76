import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orreryOptionsShape } from '../src/orrery/orrery-options.ts';
import { runRequest, strategyRequest } from '../src/orrery/whole-requests.ts';
import { answersFromPrompt, type FakeProvider, startFakeProvider } from '../src/testing/index.ts';
import { candleCsv, walkingCandles } from './e2e/candle-csv.ts';
import { runProgram } from './page-program.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/library.md'), 'utf8');
const pieces = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

let cwd = '';
let server: FakeProvider;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-library-page-'));
  server = await startFakeProvider(answersFromPrompt());
});
afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true });
});

test('the pieces of docs/library.md are one program that does what it says', {
  timeout: 180_000,
}, async () => {
  writeFileSync(join(cwd, 'GOOG.csv'), candleCsv(walkingCandles({ seed: 5, bars: 400 })));
  // Only providers and keys are of a model: a desk that asked one would take a minute.
  const provider = { kind: 'openai-compatible', baseUrl: server.baseUrl, apiKeyEnv: 'FAKE_KEY' };
  const profile = { provider: 'fake', model: 'any', usdPerMillion: { input: 0, output: 0 } };
  const llm = { providers: { fake: provider }, profiles: { spare: profile } };
  writeFileSync(join(cwd, 'orrery.yaml'), JSON.stringify({ llm }));
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
  writeFileSync(join(cwd, 'program.ts'), pieces.join('\n'));
  const { status, stdout, stderr } = await runProgram(join(cwd, 'program.ts'), { cwd });
  expect(stderr).toContain('this is first');
  expect({ status, stderr: stderr.split('\n').filter((line) => line.includes('Error')) }).toEqual({
    status: 0,
    stderr: [],
  });
  for (const line of [
    /^done was-done .*first\.html$/m,
    /^\[ 'solar'.* \] \d$/m,
    /^[0-9a-f]{64} imported$/m,
    /^[\d.]+ 2 true$/m,
    /^3$/m,
    /^completed 2 2 lines$/m,
    /code-review \(shipped\)/,
    /^\{\n {2}"lines": 2\n\} \{ lines: 2 \}$/m,
    /^\[ 'spare' \] 1$/m,
    /provider: 'fake'/,
    /^ensemble-not-found .*code-review/m,
  ]) {
    expect(stdout).toMatch(line);
  }
});

test.each([
  ['createOrrery', '| option |', Object.keys(orreryOptionsShape)],
  ['a run', '| of a request |', Object.keys(runRequest({ desk: '' }))],
  ['a test', '| `files` |', Object.keys(strategyRequest({ files: [] }))],
])('it has a row for each option of %s', (_what, mark, keys) => {
  const table = page.slice(page.indexOf(mark)).split('\n\n')[0] ?? '';
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(named.toSorted()).toEqual(keys.toSorted());
});
