import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTrialsLog, type Trial } from './trials-log.ts';

const home = mkdtempSync(join(tmpdir(), 'orrery-trials-'));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const one = (variant: string, mean: number): Trial => ({ variant, count: 1, mean, squares: 0 });

test('variants on the same candles are counted, equal ones once, broken lines not at all', () => {
  const log = openTrialsLog(home);
  expect(log.note('candles', one('a', 0.1))).toEqual({ count: 1, sharpeVariance: 0 });
  log.note('others', one('x', 9));
  appendFileSync(
    join(home, 'trials.jsonl'),
    '{"data":"candles","variant":"half a li\n{"data":"candles","count":"many"}\n',
  );
  expect(openTrialsLog(home).note('candles', one('b', 0.3))).toMatchObject({ count: 2 });
  // 0.1 and 0.3: mean 0.2, squares 0.02, by n − 1 = 1.
  expect(log.note('candles', one('a', 0.1)).sharpeVariance).toBeCloseTo(0.02, 12);
});

test('a sweep counts as many as it tried', () => {
  const log = openTrialsLog(home);
  log.note('candles', one('a', 0.4));
  // 0, 0.1 and 0.2: mean 0.1, squares 0.02. With 0.4: mean 0.175, squares 0.0875, by 3.
  const all = log.note('candles', { variant: 'sweep', count: 3, mean: 0.1, squares: 0.02 });
  expect(all.count).toBe(4);
  expect(all.sharpeVariance).toBeCloseTo(0.0875 / 3, 12);
});
