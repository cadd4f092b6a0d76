import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TerminalSession } from '../terminal-session.ts';
import { backtest } from './backtest.ts';
import { run } from './run.ts';

const home = mkdtempSync(join(tmpdir(), 'orrery-kinds-'));
beforeAll(() => vi.stubEnv('ORRERY_HOME', home));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const session = new TerminalSession({});
const data = ['nowhere.csv'];

test.each(['sma-cross', './my-strategy.ts', 'folder/own.mjs'])('%s is no desk to run', async (name) => {
  await expect(run(session, { record: true, data }, name)).rejects.toMatchObject({
    code: 'desk-not-found',
    message: `${name} is a strategy, and run plays desks`,
    hint: `To test it: orrery backtest ${name} --data FILE`,
  });
});

test.each(['solar', 'desks/solar.yaml', 'my-desk.yml'])('%s is no strategy to test', async (name) => {
  const told = {
    code: 'strategy-not-found',
    message: `${name} is a desk, and backtest tests strategies`,
    hint: `To play it: orrery run ${name} --data FILE`,
  };
  await expect(backtest(session, {}, [name])).rejects.toMatchObject(told);
  await expect(backtest(session, { data }, [name])).rejects.toMatchObject(told);
  await expect(backtest(session, { data }, ['sma-cross', name])).rejects.toMatchObject(told);
});

test('a name that is neither is told so as before', async () => {
  await expect(run(session, { record: true, data }, 'banana')).rejects.toMatchObject({
    message: expect.stringContaining('there is no desk `banana`'),
  });
  await expect(backtest(session, { data }, ['banana'])).rejects.toMatchObject({
    message: 'there is no strategy "banana", and no file of that name',
  });
});
