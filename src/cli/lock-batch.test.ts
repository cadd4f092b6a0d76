import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lockBatch } from './lock-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-lock-batch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file of results is one batch’s at a time, until it ends or dies', async () => {
  const file = join(folder, 'out.jsonl');
  const unlock = await lockBatch(file, 'out.jsonl');
  await expect(lockBatch(file, 'out.jsonl')).rejects.toMatchObject({
    code: 'home-locked',
    message: `another batch is writing out.jsonl (process ${process.pid})`,
  });
  const lock = readFileSync(`${file}.lock`, 'utf8');
  await unlock();
  expect(existsSync(`${file}.lock`)).toBe(false);
  writeFileSync(`${file}.lock`, JSON.stringify({ ...JSON.parse(lock), pid: 2 ** 31 - 2 }));
  await (await lockBatch(file, 'out.jsonl'))();
  await expect(lockBatch(join(folder, 'no', 'out.jsonl'), 'no/out.jsonl')).rejects.toMatchObject({
    code: 'usage-invalid',
    message: expect.stringContaining('no/out.jsonl cannot be written'),
  });
});
