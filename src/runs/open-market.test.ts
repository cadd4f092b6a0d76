import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openMarket, refuseChanged } from './open-market.ts';
import type { MarketRequest, RunSettings } from './run-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-open-market-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);

/** `bars` candles from the start of 2024 on, every `everyMs`; bar n closes at 100 + n. */
function csv(bars: number, everyMs = hour): string {
  const rows = Array.from({ length: bars }, (_, index) => {
    const close = 100 + index;
    return `${new Date(start + index * everyMs).toISOString()},${close},${close + 1},${close - 1},${close},5`;
  });
  return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

function fileOf(symbol: string, content: string) {
  const file = join(folder, `${symbol}.csv`);
  writeFileSync(file, content);
  return { symbol, file, format: null };
}

type Files = readonly ReturnType<typeof fileOf>[];
const requestOf = (files: Files, from: number | null = null, to: number | null = null): MarketRequest => ({
  data: { kind: 'files', files },
  ...{ from, to, seed: 1 },
});
const synthetic: MarketRequest = {
  data: { kind: 'synthetic', market: { symbols: ['SYN-A', 'SYN-B'], timeframe: '1h', bars: 50, start } },
  ...{ from: start + 20 * hour, to: null, seed: 1 },
};

describe('a market of files', () => {
  test('is in range from the open at `from` to before the one at `to`, and keeps what stands before to warm up', async () => {
    const {
      markets,
      news,
      synthetic: made,
    } = await openMarket(requestOf([fileOf('A', csv(10))], start + 3 * hour, start + 7 * hour));
    expect(markets).toMatchObject([{ from: 3, to: 7, series: { length: 7 } }]);
    expect([news, made]).toEqual([null, false]);
    const between = await openMarket(
      requestOf([fileOf('A', csv(10))], start + 3 * hour - 1, start + 7 * hour + 1),
    );
    expect(between.markets).toMatchObject([{ from: 3, to: 8 }]);
  });

  test('names each file and its SHA-256, of the whole file whatever the range, by symbol', async () => {
    const files = [fileOf('B', csv(10)), fileOf('A', csv(12))];
    const { instruments } = await openMarket(requestOf(files, null, start + 2 * hour));
    expect(instruments.map(({ symbol, file }) => [symbol, file])).toEqual([
      ['A', files[1]?.file],
      ['B', files[0]?.file],
    ]);
    expect(instruments[0]?.sha256).toBe(createHash('sha256').update(csv(12)).digest('hex'));
  });

  test('may hold an instrument that has no bar in range, beside one that has', async () => {
    const files = [fileOf('LONG', csv(10)), fileOf('SHORT', csv(3))];
    const { markets } = await openMarket(requestOf(files, start + 5 * hour));
    expect(markets.map(({ from, to }) => to - from)).toEqual([5, 0]);
  });

  test.each<[string, () => MarketRequest, string, RegExp, RegExp]>([
    [
      'two files of one symbol',
      () => requestOf([fileOf('A', csv(5)), fileOf('B', csv(5)), fileOf('A', csv(5))]),
      'usage-invalid',
      /two files are given for A/,
      /--data A=FILE/,
    ],
    [
      'bars of two lengths',
      () => requestOf([fileOf('A', csv(5)), fileOf('B', csv(5, 4 * hour))]),
      'interval-mixed',
      /A has bars of 1h, B of 4h/,
      /one length/,
    ],
    [
      'a range after the data',
      () => requestOf([fileOf('A', csv(5))], start + 5 * hour),
      'range-empty',
      /no bar from 2024-01-01T05:00:00.000Z$/,
      /from 2024-01-01T00:00:00.000Z to 2024-01-01T04:00:00.000Z/,
    ],
    [
      'a range between two bars',
      () => requestOf([fileOf('A', csv(5))], start + 1, start + 2),
      'range-empty',
      /from 2024-01-01T00:00:00.001Z to 2024-01-01T00:00:00.002Z/,
      /reach/,
    ],
    [
      'a range whose ends are swapped',
      () => requestOf([fileOf('A', csv(5))], start + 3 * hour, start + hour),
      'range-empty',
      /from 2024-01-01T03:00:00.000Z to 2024-01-01T01:00:00.000Z/,
      /^The ends are swapped/,
    ],
    [
      'a range of nothing',
      () => requestOf([fileOf('A', csv(5))], start + hour, start + hour),
      'range-empty',
      /from 2024-01-01T01:00:00.000Z to 2024-01-01T01:00:00.000Z/,
      /open at --to are left out/,
    ],
    [
      'a range before the data',
      () => requestOf([fileOf('A', csv(5))], null, start),
      'range-empty',
      /no bar to 2024-01-01T00:00:00.000Z$/,
      /nowhere before that/,
    ],
    [
      'a file that is not there',
      () => requestOf([{ symbol: 'A', file: join(folder, 'none.csv'), format: null }]),
      'file-not-found',
      /none\.csv/,
      /./,
    ],
    [
      'a file with a fault',
      () => requestOf([fileOf('A', csv(5).replace('102,103', '102,high'))]),
      'candles-invalid',
      /A\.csv, line 4/,
      /./,
    ],
  ])('refuses %s', async (_what, request, code, message, hint) => {
    const error = await openMarket(request()).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error?.message).toMatch(message);
    expect((error as { readonly hint?: string } | null)?.hint).toMatch(hint);
  });
});

describe('a synthetic market', () => {
  test('says so, has news and no file, and is the same for the same seed only', async () => {
    const [one, again, other] = await Promise.all([
      openMarket(synthetic),
      openMarket(synthetic),
      openMarket({ ...synthetic, seed: 2 }),
    ]);
    expect(one.synthetic).toBe(true);
    expect(one.news?.length).toBeGreaterThan(0);
    expect(one.markets).toMatchObject([
      { from: 20, to: 50 },
      { from: 20, to: 50 },
    ]);
    expect(one.instruments).toMatchObject([
      { symbol: 'SYN-A', file: null },
      { symbol: 'SYN-B', file: null },
    ]);
    const hashes = (market: typeof one) => market.instruments.map(({ sha256 }) => sha256);
    expect(hashes(again)).toEqual(hashes(one));
    expect(new Set([...hashes(one), ...hashes(other)]).size).toBe(4);
  });
});

describe('a run that goes on', () => {
  const sealed = async (request: MarketRequest) => {
    const market = await openMarket(request);
    const hashes = Object.fromEntries(market.instruments.map(({ symbol, sha256 }) => [symbol, sha256]));
    const settings: RunSettings = {
      ...request,
      ...{ version: '0', desk: { name: 'd', text: '' }, prompts: {}, hashes, record: true },
      ...{ llm: { providers: {}, profiles: {} }, profiles: {}, replayOf: null },
    };
    return { market, settings };
  };

  test('finds its files as they were', async () => {
    const { market, settings } = await sealed(requestOf([fileOf('A', csv(5)), fileOf('B', csv(5))]));
    expect(() => refuseChanged(market, settings)).not.toThrow();
  });

  test('names the one that changed, even outside the range', async () => {
    const files = [fileOf('A', csv(5)), fileOf('B', csv(5))];
    const request = requestOf(files, null, start + 2 * hour);
    const { settings } = await sealed(request);
    fileOf('B', `${csv(5)}\n`);
    const changed = await openMarket(request);
    expect(() => refuseChanged(changed, settings)).toThrow(
      expect.objectContaining({
        code: 'data-changed',
        exitCode: 2,
        message: expect.stringContaining(files[1]!.file),
      }),
    );
    expect(() => refuseChanged(changed, settings)).not.toThrow(files[0]!.file);
  });

  test('says of a synthetic market that the program is another', async () => {
    const { market, settings } = await sealed(synthetic);
    const foreign = { ...settings, hashes: { ...settings.hashes, 'SYN-B': 'of another version' } };
    expect(() => refuseChanged(market, foreign)).toThrow(/the synthetic market of SYN-B is not what/);
    expect(() => refuseChanged(market, foreign)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('version of Orrery') }),
    );
  });
});
