import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from '../../test/e2e/candle-csv.ts';
import { dayMs, timeframeMs } from '../core/index.ts';
import { shippedStrategies } from '../strategies/index.ts';
import { backtestStrategy } from './strategy-backtest.ts';
import { type SweepRequest, sweepStrategy } from './sweep.ts';
import { openTrialsLog } from './trials-log.ts';
import { walkForward } from './walk-forward.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-walk-forward-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = walkingCandles({ seed: 3, bars: 320 * 6, intervalMs: timeframeMs('4h') });
const file = join(folder, 'WALKUSDT_4h.csv');
writeFileSync(file, candleCsv(rows));
const watch = { stop: new AbortController().signal, onProgress: () => undefined };

function requestOf(changed: Partial<SweepRequest> = {}): SweepRequest {
  const code = shippedStrategies.get('sma-cross')!;
  return {
    source: 'sma-cross',
    strategy: { name: 'sma-cross', key: 'sma-cross', code },
    params: code.params,
    ranges: [{ name: 'fast', from: 5, to: 15, step: 5 }],
    workers: 1,
    files: [{ symbol: 'WALKUSDT', file, format: null }],
    ...{ from: null, to: null, cash: 10_000, commission: null, spread: null, margin: 1 },
    ...{ slippage: 0, volumeShare: null, borrow: 0, fractional: true, tradeOnClose: false },
    ...{ hedging: false, exclusive: false, finalize: false, compat: false },
    ...{ factors: [], funding: [], monteCarlo: null, withTrades: false },
    ...changed,
  };
}

const log = (name: string) => openTrialsLog(join(folder, name));

test('what holding came to is that of a single backtest on the bars of all tests', async () => {
  const days = { train: 40, test: 50, embargo: 2 };
  const { windows, baselines, outOfSample } = await walkForward(requestOf(), days, log('hold'), watch);
  const from = Date.parse(windows[0]!.test.from);
  const to = Date.parse(windows.at(-1)!.test.to);
  const { honesty } = await backtestStrategy(requestOf({ from, to }), log('hold-single'));
  expect(baselines.buyAndHold).toEqual(honesty?.baselines.buyAndHold);
  expect(outOfSample.days).toBe(250);
});

test('from 250 test days on it is judged by its interval, and counts what was tried on the candles', async () => {
  const known = log('verdict');
  await sweepStrategy(requestOf(), known, watch);
  const days = { train: 40, test: 50, embargo: 2 };
  const { evidence, words, outOfSample } = await walkForward(requestOf(), days, known, watch);
  expect(evidence?.insufficient).toEqual([]);
  expect(evidence?.trials).toBe(3 + 1);
  expect(evidence?.sharpe?.estimate).toBeCloseTo(outOfSample.sharpe!, 9);
  expect(words.verdict).toMatch(/^Luck alone seldom does this.*4 variants tried/);
  expect(words.againstHold).toMatch(/holding: Sharpe .* against holding on the same days/);
});

test('under 250 test days there is too little to say', async () => {
  const days = { train: 40, test: 60, embargo: 0 };
  const { words } = await walkForward(requestOf(), days, log('little'), watch);
  expect(words.verdict).toMatch(/^Insufficient evidence: 240 days are too few/);
});

test('bars at the end that fill no test are counted', async () => {
  const { windows, untestedBars, words } = await walkForward(
    requestOf(),
    { train: 40, test: 50, embargo: 2 },
    log('tail'),
    watch,
  );
  const end = windows.at(-1)!.test.to;
  const left = rows.filter(({ time }) => time >= end);
  expect(untestedBars).toBe(left.length);
  expect(left.length).toBe((320 - 42 - 5 * 50) * 6);
  expect(words.untested).toContain(`last ${left.length} bars were not tested, from ${end.slice(0, 10)}`);

  const whole = { train: 20, test: 50, embargo: 0 };
  const none = await walkForward(requestOf(), whole, log('tail'), watch);
  expect([none.untestedBars, none.words.untested]).toEqual([0, null]);
});

test('in compatibility mode it stands beside holding, unjudged', async () => {
  const days = { train: 40, test: 50, embargo: 2 };
  const { evidence, words, baselines } = await walkForward(
    requestOf({ compat: true, fractional: false }),
    days,
    log('compat'),
    watch,
  );
  expect([evidence, words.verdict, words.againstHold]).toEqual([null, null, null]);
  expect(baselines.buyAndHold.sharpe).not.toBeNull();
});

test('a sweep says what holding came to, and whether the best beats it', async () => {
  const { baselines, best, words } = await sweepStrategy(requestOf(), log('sweep'), watch);
  const { honesty } = await backtestStrategy(requestOf(), log('sweep-single'));
  expect(baselines.buyAndHold).toEqual(honesty?.baselines.buyAndHold);
  const beats =
    best!.sharpe! > baselines.buyAndHold.sharpe! || best!.returnPct! > baselines.buyAndHold.returnPct;
  expect(words.againstHold).toMatch(beats ? /^The best beats holding/ : /^Not even the best beats holding/);
});

test('holding through a split is no loss to a sweep either', async () => {
  const start = Date.UTC(2024, 0, 1);
  const split = Array.from({ length: 300 }, (_, day) => {
    const price = day < 150 ? 100 : 50;
    const time = new Date(start + day * dayMs).toISOString();
    return { time, open: price, high: price, low: price, close: price, volume: 1 };
  });
  const halved = join(folder, 'HALF.csv');
  writeFileSync(halved, candleCsv(split));
  const factors = join(folder, 'half.csv');
  writeFileSync(factors, ['20240529,1,0.5,100', '20501231,1,1,50', ''].join('\n'));
  const request = requestOf({
    files: [{ symbol: 'HALF', file: halved, format: null }],
    factors: [{ symbol: 'HALF', file: factors }],
    commission: 0,
    spread: 0,
  });
  const { baselines } = await sweepStrategy(request, log('split'), watch);
  expect(baselines.buyAndHold.returnPct).toBeCloseTo(0, 6);
});

test('windows that did not trade are told, and a verdict on mostly nothing says so', async () => {
  const days = { train: 40, test: 50, embargo: 2 };
  const idle = requestOf({ cash: 1, fractional: false });
  const { idleWindows, windows, words } = await walkForward(idle, days, log('idle'), watch);
  expect(idleWindows).toBe(windows.length);
  expect(words.idle).toMatch(/^5 of 5 windows did not trade: each begins flat/);
  expect(words.verdict).toMatch(/It held nothing at 100.0 % of the bars tested\.$/);
});
