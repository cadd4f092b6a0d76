import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAnswerFolder } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-answers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an answer is kept as it was, for its owner alone', async () => {
  const answers = createAnswerFolder(join(folder, 'kept'));
  const answer = { output: { a: [1, null] }, source: 'script', partial: false, details: { rounds: 2 } };
  expect(await answers.get('one')).toBeNull();
  await answers.put('one', answer);
  expect(await answers.get('one')).toEqual(answer);
  expect(readdirSync(join(folder, 'kept'))).toEqual(['one.json']);
  expect(statSync(join(folder, 'kept', 'one.json')).mode & 0o777).toBe(0o600);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"output":'],
  ['no output', '{}'],
  ['more than an answer', '{"output":1,"evil":true}'],
  ['an answer that lacked a part', '{"output":1,"partial":true}'],
  ['a source that is no word', '{"output":1,"source":7}'],
  ['nesting without end', `{"output":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
])('a file with %s is no answer', async (_what, text) => {
  const path = join(folder, 'odd');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'key.json'), text);
  expect(await createAnswerFolder(path).get('key')).toBeNull();
});

test('a folder that cannot be made costs nothing but the cache', async () => {
  writeFileSync(join(folder, 'file'), '');
  const answers = createAnswerFolder(join(folder, 'file', 'below'));
  await answers.put('one', { output: 1 });
  expect(await answers.get('one')).toBeNull();
});
