import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CandleRow, candleCsv, walkingCandles } from '../../test/e2e/candle-csv.ts';
import {
  dailyEquities,
  describeOnRealData,
  fiveMinuteBitcoin,
  hourlyBitcoin,
} from '../../test/e2e/real-data.ts';
import type { Strategy } from '../engine/index.ts';
import { shippedStrategies } from '../strategies/index.ts';
import { checkStrategyOnFiles } from './check-strategy.ts';
import type { BacktestRequest } from './strategy-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shipped = [...shippedStrategies];

function check(name: string, code: Strategy, file: string, options: Partial<BacktestRequest> = {}) {
  return checkStrategyOnFiles({
    strategy: { name, key: name, code },
    params: code.params,
    files: [{ symbol: 'BTCUSDT', file, format: null }],
    ...{ from: null, to: null, cash: 10_000, commission: null, spread: null, margin: 1 },
    ...{ slippage: 0, volumeShare: null, borrow: 0 },
    ...{ fractional: true, tradeOnClose: false, hedging: false, exclusive: false, finalize: false },
    ...{ compat: false, factors: [], funding: [], monteCarlo: null, withTrades: false },
    ...options,
  });
}

function written(name: string, rows: readonly CandleRow[]): string {
  const file = join(folder, name);
  writeFileSync(file, candleCsv(rows));
  return file;
}

describe('what ships is found innocent', () => {
  test('on invented candles', async () => {
    const file = written('BTCUSDT_1h.csv', walkingCandles({ seed: 11, bars: 1_000 }));
    for (const [name, code] of shipped) {
      const { ok, findings, compared } = await check(name, code, file);
      expect([name, ok, findings]).toEqual([name, true, []]);
      expect(compared.cuts).toBeGreaterThanOrEqual(20);
    }
  });
});

describeOnRealData('what ships is found innocent', () => {
  test.each([
    ['daily shares of Apple', dailyEquities[0]!, { to: Date.UTC(2022, 6, 1) }],
    ['daily SPY', dailyEquities[3]!, { from: Date.UTC(2022, 6, 1) }],
    ['hourly bitcoin', hourlyBitcoin, { to: Date.UTC(2017, 8, 20) }],
    ['bitcoin of five minutes', fiveMinuteBitcoin, { to: Date.UTC(2025, 3, 7) }],
  ])('on %s', async (_, file, range) => {
    for (const [name, code] of shipped) {
      const { ok, findings } = await check(name, code, file, range);
      expect([name, ok, findings.filter(({ kind }) => kind !== 'warm-up')]).toEqual([name, true, []]);
    }
  });
});

describe('a split', () => {
  const rows = walkingCandles({ seed: 5, bars: 700 });
  const [low, high] = [rows.slice(0, 384), rows.slice(384)];
  const scaled = (row: CandleRow, by: number) => ({
    ...row,
    ...{ open: row.open * by, high: row.high * by, low: row.low * by, close: row.close * by },
  });
  const file = () => written('split.csv', [...low.map((row) => scaled(row, 4)), ...high]);
  const at = high[0]!.time;
  const factors = () => {
    const path = join(folder, 'factors.csv');
    const eve = new Date(Date.parse(at) - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    writeFileSync(path, `${eve},1,0.25,0\n20501231,1,1,0\n`);
    return [{ symbol: null, file: path }];
  };
  const units = async (options: Partial<BacktestRequest>) => {
    const { ok, findings } = await check('sma-cross', shippedStrategies.get('sma-cross')!, file(), options);
    expect(ok).toBe(true);
    return findings.filter(({ kind }) => kind === 'units');
  };

  test('is a note of units, unless factors say what it was', async () => {
    expect(await units({})).toMatchObject([{ subject: 'BTCUSDT', severity: 'note', at }]);
    // A factor file knows days only: here the split comes at the first bar of its day.
    expect(await units({ factors: factors() })).toEqual([]);
  });
});

describe('intervals', () => {
  const rows = walkingCandles({ seed: 3, bars: 400 });
  const smaCross = shippedStrategies.get('sma-cross')!;

  test('a long hole in the tested range', async () => {
    const file = written('holes.csv', [...rows.slice(0, 200), ...rows.slice(220)]);
    const { ok, findings } = await check('sma-cross', smaCross, file);
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ kind: 'interval', subject: 'BTCUSDT', at: rows[220]?.time }]);
    const after = await check('sma-cross', smaCross, file, { from: Date.parse(rows[221]!.time) });
    expect(after.findings).toEqual([]);
  });

  test('a short hole is nothing to speak of', async () => {
    const file = written('short.csv', [...rows.slice(0, 200), ...rows.slice(203)]);
    expect((await check('sma-cross', smaCross, file)).findings).toEqual([]);
  });

  test('bars that are closer than they are long', async () => {
    const between = { ...rows[200]!, time: new Date(Date.parse(rows[200]!.time) + 1_800_000).toISOString() };
    const file = written('close.csv', [...rows.slice(0, 201), between, ...rows.slice(201)]);
    const { ok, findings } = await check('sma-cross', smaCross, file);
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ kind: 'interval', subject: 'BTCUSDT', at: between.time }]);
  });
});
