import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { takeHomeLock } from './home-lock.ts';
import { inTurn } from './in-turn.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-turn-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'import.lock');
const turn = { what: 'The folder of candles', holder: 'orrery data import', patienceMs: 10_000 };

test('work is done one after the other, and a failure ends its turn too', async () => {
  let working = 0;
  const work = async (fails: boolean) => {
    expect(++working).toBe(1);
    await new Promise(setImmediate);
    working--;
    if (fails) throw new Error('failed');
    return 'done';
  };
  const all = [false, true, false].map((fails) => inTurn(path, turn, () => work(fails)));
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(existsSync(path)).toBe(false);
});

test('a turn that does not come is refused, with its holder', async () => {
  await takeHomeLock(path, { holder: 'orrery data import', access: 'own' });
  await expect(inTurn(path, { ...turn, patienceMs: -1 }, async () => 'done')).rejects.toMatchObject({
    code: 'home-locked',
    message: expect.stringContaining(
      `The folder of candles is held by "orrery data import" (process ${process.pid}`,
    ),
    hint: expect.stringContaining(path),
  });
});
