import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OrreryError } from '../core/index.ts';
import { loadCandleFile } from './candle-file.ts';
import { checkCandleFile } from './check-candles.ts';
import { parseDataOption } from './data-option.ts';

const root = resolve(import.meta.dirname, '../..');
const data = resolve(root, process.env['ORRERY_DATA'] ?? '../shared/data');
const present = existsSync(join(data, 'equities')) && existsSync(join(data, 'crypto'));
if (!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all') {
  console.warn(`candle-real-files: skipped, there is no market data in ${data}`);
}

function csvFiles(): string[] {
  return ['equities', 'crypto'].flatMap((part) =>
    readdirSync(join(data, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.csv'))
      .map((name) => join(part, name)),
  );
}

const check = (name: string) => checkCandleFile(parseDataOption(join(data, name)));
const load = (name: string) => loadCandleFile(parseDataOption(join(data, name)));

describe.skipIf(!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all')('real files', () => {
  test('every CSV loads, or is refused for having no header', async () => {
    const outcomes = await Promise.all(
      csvFiles().map(async (name) => {
        const outcome = await load(name).catch((thrown: unknown) => thrown);
        if (!name.includes('lean-')) {
          expect(outcome, name).toMatchObject({ series: { symbol: expect.any(String) } });
          return 'loaded';
        }
        expect(outcome, name).toBeInstanceOf(OrreryError);
        expect(outcome, name).toMatchObject({
          code: 'candles-unrecognised',
          message: expect.stringContaining('line 1: there is no header row'),
        });
        return 'refused';
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['loaded', 'refused']));
  });

  test('seven years of hourly BTC', async () => {
    const name = 'crypto/binance-1h/BTCUSDT_1h_2017-2023.csv';
    const { series, instrument } = await load(name);
    expect(instrument).toEqual({
      symbol: 'BTCUSDT',
      assetClass: 'crypto',
      currency: 'USDT',
      timeframe: '1h',
      adjusted: false,
    });
    expect(series.length).toBe(55_597);
    expect(series.openTime[0]).toBe(Date.UTC(2017, 7, 17, 4));
    expect(series.volume[0]).toBe(47.181009);
    expect(series.close.at(-1)).toBe(43_949.41);
    // Gap-free, because somebody filled the exchange's outages: four bars show it.
    const found = await check(name);
    expect(found.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ['flat', 494],
      ['flat', 15_835],
      ['flat', 30_577],
      ['flat', 49_090],
    ]);
  });

  test('Yahoo: other column order, a second header row, adjusted prices', async () => {
    const found = await check('equities/yahoo-daily/AAPL.csv');
    expect(found).toMatchObject({ rows: 1_318, from: '2020-01-02T00:00:00.000Z', ok: true, problems: [] });
    const { series, instrument } = await load('equities/yahoo-daily/AAPL.csv');
    expect(instrument).toMatchObject({ assetClass: 'equity', timeframe: '1d', adjusted: null });
    expect([series.open[0], series.close[0]]).toEqual([71.4097927692221, 72.40052795410156]);
  });

  test('bars of two hours in a folder that says 1h, over a change of daylight saving time', async () => {
    const found = await check('equities/ael-1h-2025/MSFT.csv');
    expect(found).toMatchObject({ rows: 208, intervalMs: 7_200_000, timezone: '-05:00, -04:00', ok: true });
    expect(found.problems).toEqual([
      { kind: 'interval-mismatch', line: 2, at: null, detail: 'the name says 1h, the bars are 2h apart' },
    ]);
  });

  test('a test network gives itself away by its volume', async () => {
    const found = await check('crypto/dirty/BTCUSDT_1h_2025-10_11.csv');
    expect(found).toMatchObject({ rows: 1_000, ok: true });
    expect(found.problems).toMatchObject([
      { kind: 'zero-volume', detail: expect.stringContaining('next to nothing') },
    ]);
  });

  test('raw daily shares: splits, the closure of 2001 and the missing years of QQQ', async () => {
    const kinds = async (name: string) =>
      (await check(name)).problems.map(({ kind, at }) => `${kind} ${at?.slice(0, 10)}`);
    // AAPL: splits of 2000, 2005, 2014 and 2020, a profit warning (2000-09-29), and the closure after 2001-09-11.
    expect(await kinds('equities/lean-daily/aapl.csv@lean-equity')).toEqual([
      'jump 2000-06-21',
      'jump 2000-09-29',
      'hole 2001-09-17',
      'jump 2005-02-28',
      'jump 2014-06-09',
      'jump 2020-08-31',
    ]);
    const found = await check('equities/lean-daily/qqq.csv@lean-equity');
    expect(found).toMatchObject({
      rows: 3_964,
      timezone: 'America/New_York',
      format: 'lean-equity',
      ok: true,
    });
    expect(found.problems).toContainEqual({
      kind: 'hole',
      line: 1_442,
      at: '2011-03-23T00:00:00.000Z',
      detail: 'no bar for 2304 days after 2004-11-30T00:00:00.000Z',
    });
    const { series, instrument } = await load('equities/lean-daily/aapl.csv@lean-equity');
    expect(instrument).toMatchObject({ assetClass: 'equity', timeframe: '1d', adjusted: false });
    expect([series.openTime[0], series.open[0], series.close[0]]).toEqual([
      Date.UTC(1998, 0, 2),
      13.63,
      16.25,
    ]);
  });

  test('coins as LEAN keeps them, and quotes refused', async () => {
    const folder = 'crypto/lean-coinbase-minute/btcusd';
    expect(await check(`${folder}/20180404_btcusd_minute_trade.csv@lean-crypto`)).toMatchObject({
      rows: 1_007,
      from: '2018-04-04T00:00:00.000Z',
      to: '2018-04-04T16:47:00.000Z',
      intervalMs: 60_000,
      timezone: 'UTC',
      ok: true,
    });
    expect(await check('crypto/lean-binance-hour/btcusdt.csv@lean-crypto')).toMatchObject({
      rows: 120,
      intervalMs: 3_600_000,
      problems: [],
    });
    // Seconds without a trade are absent, so bars of one second lie further apart.
    const sparse = await check('crypto/lean-coinbase-second/20161008_btcusd_second_trade.csv@lean-crypto');
    expect(sparse.problems).toContainEqual(expect.objectContaining({ kind: 'interval-mismatch', at: null }));
    await expect(check(`${folder}/20180404_btcusd_minute_quote.csv@lean-crypto`)).rejects.toMatchObject({
      code: 'candles-unrecognised',
      message: expect.stringContaining('quotes'),
    });
  });

  test('clean files are left in peace', async () => {
    const clean = csvFiles().filter((name) => /yahoo-daily|ael-daily|bybit-5m/.test(name));
    expect(clean.length).toBeGreaterThan(10);
    for (const name of clean) expect((await check(name)).problems, name).toEqual([]);
  });
});
