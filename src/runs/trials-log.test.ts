import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTrialsLog, variantKey } from './trials-log.ts';

const home = mkdtempSync(join(tmpdir(), 'orrery-trials-'));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const one = (name: string, sharpe: number) => [{ variant: variantKey({ name }), sharpe }];
const file = join(home, 'trials.jsonl');

test('variants on the same candles are counted, equal ones once, broken lines not at all', () => {
  const log = openTrialsLog(home);
  expect(log.note('candles', one('a', 0.1))).toEqual({ count: 1, sharpeVariance: 0 });
  log.note('others', one('x', 9));
  appendFileSync(file, '{"data":"candles","variant":"half a li\n{"data":"candles","count":"many"}\nnull\n');
  expect(openTrialsLog(home).note('candles', one('b', 0.3))).toMatchObject({ count: 2 });
  // 0.1 and 0.3: mean 0.2, squares 0.02, by n − 1 = 1.
  expect(log.note('candles', one('a', 0.1)).sharpeVariance).toBeCloseTo(0.02, 12);
});

const sweep = [...one('b', 0), ...one('c', 0.1), ...one('d', 0.2)];

test('a sweep counts as many as it tried', () => {
  const log = openTrialsLog(home);
  log.note('candles', one('a', 0.4));
  // 0, 0.1 and 0.2: mean 0.1, squares 0.02. With 0.4: mean 0.175, squares 0.0875, by 3.
  const all = log.note('candles', sweep, 'sweep');
  expect(all.count).toBe(4);
  expect(all.sharpeVariance).toBeCloseTo(0.0875 / 3, 12);
});

test('a variant counts once, whether it was tried alone, in a sweep or in a part of it', () => {
  const log = () => openTrialsLog(home);
  log().note('candles', sweep, 'sweep');
  expect(log().note('candles', one('c', 0.1)).count).toBe(3);
  expect(log().note('candles', sweep.slice(1), 'part').count).toBe(3);
  const all = log().note('candles', [...sweep, ...one('e', 0.3)], 'more');
  expect(all.count).toBe(4);
  expect(log().note('candles', one('e', 0.3))).toEqual(all);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
});

test('a sweep noted by an earlier version, without its members, counts until it is made again', () => {
  const old = { data: 'candles', variant: 'sweep', count: 3, mean: 0.1, squares: 0.02 };
  mkdirSync(home, { recursive: true });
  appendFileSync(file, `${JSON.stringify(old)}\n`);
  expect(openTrialsLog(home).note('candles', one('z', 0.4)).count).toBe(4);
  expect(openTrialsLog(home).note('candles', sweep, 'sweep').count).toBe(4);
  expect(openTrialsLog(home).note('candles', one('z', 0.4)).count).toBe(4);
});
