import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from '../../test/e2e/candle-csv.ts';
import { shippedStrategies } from '../strategies/index.ts';
import { compareStrategies } from './compare-strategies.ts';
import { type BacktestRequest, backtestStrategy } from './strategy-backtest.ts';
import { openTrialsLog } from './trials-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'WALKUSDT_1h.csv');
writeFileSync(file, candleCsv(walkingCandles({ seed: 3, bars: 2_000 })));

function requestFor(name: string, params = {}): BacktestRequest {
  const code = shippedStrategies.get(name)!;
  return {
    strategy: { name, key: name, code },
    params: { ...code.params, ...params },
    files: [{ symbol: 'WALKUSDT', file, format: null }],
    ...{ from: null, to: null, cash: 10_000, commission: null, spread: null, margin: 1 },
    ...{ slippage: 0, volumeShare: null, borrow: 0, fractional: true, tradeOnClose: false },
    ...{ hedging: false, exclusive: false, finalize: false, compat: false },
    ...{ factors: [], funding: [], monteCarlo: null, withTrades: false },
  };
}

test('each document is that of a single backtest that knows of all the others', async () => {
  const names = ['macd', 'sma-cross', 'momentum'];
  const together = openTrialsLog(join(folder, 'together'));
  const { comparison } = await compareStrategies(
    names.map((name) => requestFor(name)),
    together,
  );
  expect(comparison.map(({ strategy }) => strategy)).toEqual(names);
  expect(comparison.map(({ honesty }) => honesty?.evidence.trials)).toEqual([3, 3, 3]);

  const alone = openTrialsLog(join(folder, 'alone'));
  for (const name of names) await backtestStrategy(requestFor(name), alone);
  for (const [at, name] of names.entries()) {
    const single = await backtestStrategy(requestFor(name), alone);
    expect(comparison[at]).toEqual({ ...single, timings: expect.anything() });
  }
});

test('an error says which strategy it comes from', async () => {
  const log = openTrialsLog(join(folder, 'failing'));
  const requests = [requestFor('macd'), requestFor('sma-cross', { fast: 0 })];
  await expect(compareStrategies(requests, log)).rejects.toMatchObject({
    message: expect.stringMatching(/^sma-cross: .*sma-0/),
  });
});
