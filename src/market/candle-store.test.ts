import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadCandleFile } from './candle-file.ts';
import { createCandleStore } from './candle-store.ts';
import { parseDataOption } from './data-option.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
let made = 0;

/** Hourly bars from hour `from` to before `to`; that of hour n closes at 100.1 + n. */
function hourly(symbol: string, from: number, to: number, close = (index: number) => 100.1 + index) {
  const rows = Array.from({ length: to - from }, (_, place) => {
    const index = from + place;
    return `${new Date(start + index * hour).toISOString()},100,${200 + index},50,${close(index)},0.3\n`;
  });
  const file = join(folder, `${symbol}_${++made}.csv`);
  writeFileSync(file, `time,open,high,low,close,volume\n${rows.join('')}`);
  return { symbol, file, format: null };
}

const openStore = () => {
  const place = mkdtempSync(join(folder, 'place-'));
  return { place, store: createCandleStore(join(place, 'candles'), place) };
};
const imported = (rows: number, added: number) => expect.objectContaining({ rows, added });

describe('what is imported', () => {
  test('is listed with its source, and read back to the last digit', async () => {
    const { store } = openStore();
    expect(await store.list()).toEqual({ stored: [], damaged: [] });
    const source = hourly('BTCUSDT', 0, 30);
    const original = await loadCandleFile(source);
    expect(await store.import([source], null)).toEqual([imported(30, 30)]);
    const { stored, damaged } = await store.list();
    const [listed, ...others] = stored;
    expect([others, damaged]).toEqual([[], []]);
    expect(listed).toMatchObject({
      symbol: 'BTCUSDT',
      interval: '1h',
      rows: 30,
      from: '2024-01-01T00:00:00.000Z',
      to: '2024-01-02T05:00:00.000Z',
      sources: [{ name: 'BTCUSDT_1.csv', sha256: original.sha256, format: 'csv' }],
    });
    const { series, instrument } = await loadCandleFile(store.locate(parseDataOption('BTCUSDT')));
    expect(series).toEqual(original.series);
    expect(instrument).toEqual(original.instrument);
  });

  test('grows by what overlaps and fits, in any order, and is left alone by what it has', async () => {
    const { store, place } = openStore();
    await store.import([hourly('A', 10, 20)], null);
    expect(await store.import([hourly('A', 15, 25), hourly('A', 0, 5)], null)).toEqual([imported(20, 10)]);
    const file = join(place, 'candles/A_1h.parquet');
    const [bytes, { mtimeMs }] = [readFileSync(file), statSync(file)];
    expect(await store.import([hourly('A', 12, 18)], null)).toEqual([imported(20, 0)]);
    expect(readFileSync(file)).toEqual(bytes);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(join(place, 'candles'))).toEqual(['A_1h.parquet']);
  });

  test('has the interval it was imported at, even as a single bar, and grows from there', async () => {
    const { store } = openStore();
    const day = 24 * hour;
    expect(await store.import([hourly('A', 0, 30)], day)).toEqual([imported(1, 1)]);
    const { series } = await loadCandleFile(store.locate(parseDataOption('A')));
    expect(series).toMatchObject({ length: 1, intervalMs: day });
    expect(await store.import([hourly('A', 24, 75)], day)).toEqual([imported(3, 2)]);
  });

  test('says what is odd about it, and where it does not reach what was there', async () => {
    const { store, place } = openStore();
    const far = 60 * 24;
    const [first] = await store.import([hourly('BTCUSDT', 0, 10)], null);
    expect(first).toMatchObject({ joints: [], holes: [] });
    const dull = hourly('BTCUSDT', far, far + 120, () => 150);
    writeFileSync(dull.file, readFileSync(dull.file, 'utf8').replace(/0\.3\n$/, '0\n'));
    const [joined] = await store.import([dull], null);
    expect(joined?.joints).toEqual([
      { after: '2024-01-01T09:00:00.000Z', until: '2024-03-01T00:00:00.000Z', days: 59.625 },
    ]);
    const nothing = expect.objectContaining({ kind: 'zero-volume', line: 121 });
    expect(joined?.problems).toContainEqual(nothing);
    const holes = [{ after: '2024-01-01T09:00:00.000Z', days: 60 }];
    expect((await store.list()).stored).toMatchObject([{ holes }]);
    const [again] = await store.import([dull], null);
    expect(again).toMatchObject({ added: 0, joints: [] });
    expect(again?.problems).toContainEqual(nothing);
    await store.import([hourly('BTCUSDT', 0, 48)], 24 * hour);
    await expect(store.remove('BTCUSD', null)).rejects.toMatchObject({
      code: 'file-not-found',
      hint: expect.stringContaining('Did you mean BTCUSDT?'),
    });
    await expect(store.remove('BTCUSDT', '4h')).rejects.toMatchObject({ hint: 'It is kept at 1d, 1h.' });
    expect(await store.remove('btcusdt', '1h')).toMatchObject([{ symbol: 'BTCUSDT', interval: '1h' }]);
    expect(readdirSync(join(place, 'candles'))).toEqual(['BTCUSDT_1d.parquet']);
    expect(await store.remove('BTCUSDT', null)).toHaveLength(1);
  });

  test('is refused with the first bar that differs, and nothing of it is kept', async () => {
    const { store } = openStore();
    await store.import([hourly('A', 0, 10)], null);
    const other = hourly('A', 5, 15, (index) => (index > 6 ? 99 : 100.1 + index));
    await expect(store.import([hourly('B', 0, 9), other], null)).rejects.toMatchObject({
      code: 'candles-invalid',
      message: expect.stringMatching(
        /A_\d+\.csv: the bar of 2024-01-01T07:00:00.000Z differs .*: close 99, not 107.1/,
      ),
    });
    expect((await store.list()).stored).toMatchObject([{ symbol: 'A', rows: 10 }]);
  });

  test('may be longer bars of all the files together', async () => {
    const { store } = openStore();
    const parts = [hourly('A', 0, 30), hourly('A', 30, 50)];
    expect(await store.import(parts, 24 * hour)).toMatchObject([
      { interval: '1d', rows: 2, to: '2024-01-02T00:00:00.000Z' },
    ]);
    await expect(store.import([hourly('A', 0, 20)], 24 * hour)).rejects.toMatchObject({
      message: expect.stringContaining('no whole bar of 1d'),
    });
  });
});

describe('imports at once', () => {
  test('take turns, so that none loses what another brings', async () => {
    const { store, place } = openStore();
    const other = createCandleStore(join(place, 'candles'), place);
    const parts = Array.from({ length: 6 }, (_, part) => hourly('A', part * 5, part * 5 + 6));
    await Promise.all(parts.map((part, at) => (at % 2 === 0 ? store : other).import([part], null)));
    const { stored } = await store.list();
    expect(stored).toMatchObject([{ symbol: 'A', rows: 31 }]);
    expect(readdirSync(join(place, 'candles'))).toEqual(['A_1h.parquet']);
  });

  test('clear away what one that was killed had begun', async () => {
    const { store, place } = openStore();
    await store.import([hourly('A', 0, 5)], null);
    writeFileSync(join(place, 'candles/A_1h.parquet.unfinished'), 'half');
    await store.import([hourly('A', 5, 9)], null);
    expect(readdirSync(join(place, 'candles'))).toEqual(['A_1h.parquet']);
  });
});

describe('a damaged file', () => {
  test('is named, and keeps nobody from the others', async () => {
    const { store, place } = openStore();
    await store.import([hourly('A', 0, 5), hourly('C', 0, 5)], null);
    const file = join(place, 'candles/B_1h.parquet');
    writeFileSync(file, 'PAR1 and no more');
    const { stored, damaged } = await store.list();
    expect(stored.map(({ symbol }) => symbol)).toEqual(['A', 'C']);
    expect(damaged).toMatchObject([{ file, reason: expect.stringContaining('cannot be read as Parquet') }]);
    await expect(store.import([hourly('B', 0, 5)], null)).rejects.toMatchObject({
      code: 'candles-unrecognised',
      message: expect.stringContaining(file),
      hint: expect.stringContaining('Remove it'),
    });
    await store.import([hourly('A', 5, 9)], null);
  });

  test('may also be a folder, or what was cut short', async () => {
    const { store, place } = openStore();
    await store.import([hourly('A', 0, 500), hourly('C', 0, 5)], null);
    const file = join(place, 'candles/A_1h.parquet');
    writeFileSync(file, readFileSync(file).subarray(0, 400));
    mkdirSync(join(place, 'candles/B_1h.parquet'));
    const { stored, damaged } = await store.list();
    expect(stored.map(({ symbol }) => symbol)).toEqual(['C']);
    expect(damaged.map((one) => one.file)).toEqual([file, join(place, 'candles/B_1h.parquet')]);
  });
});

describe('another spelling of a symbol', () => {
  test('is the same entry, shown as it was first given', async () => {
    const { store, place } = openStore();
    await store.import([hourly('aapl', 0, 10)], null);
    expect(await store.import([hourly('AAPL', 8, 12)], null)).toMatchObject([
      { symbol: 'aapl', rows: 12, added: 2 },
    ]);
    await store.import([hourly('Aapl', 0, 10)], 2 * hour);
    expect(readdirSync(join(place, 'candles'))).toEqual(['aapl_1h.parquet', 'aapl_2h.parquet']);
    const file = join(place, 'candles/aapl_1h.parquet');
    expect(store.locate(parseDataOption('AAPL_1H'))).toEqual({ symbol: 'aapl', file, format: 'parquet' });
    expect(store.locate(parseDataOption('X=AAPL_1h'))).toMatchObject({ symbol: 'X', file });
    expect(() => store.locate(parseDataOption('AAPL'))).toThrow('several intervals: 1h, 2h');
  });

  test('is one batch with the first of the same command', async () => {
    const { store } = openStore();
    expect(await store.import([hourly('Xyz', 0, 5), hourly('XYZ', 5, 9)], null)).toMatchObject([
      { symbol: 'Xyz', rows: 9 },
    ]);
  });

  test('has a file of its own only where an earlier version made two: then each is itself', async () => {
    const { store, place } = openStore();
    await store.import([hourly('B', 0, 5)], null);
    const kept = readFileSync(join(place, 'candles/B_1h.parquet'));
    writeFileSync(join(place, 'candles/b_1h.parquet'), kept);
    if (readdirSync(join(place, 'candles')).length === 1) return;
    expect(store.locate(parseDataOption('b')).file).toMatch(/b_1h\.parquet$/);
    expect(store.locate(parseDataOption('B')).file).toMatch(/B_1h\.parquet$/);
  });
});

describe('a name', () => {
  test('is a file before it is a symbol, and a symbol before it is nothing', async () => {
    const { store, place } = openStore();
    await store.import([hourly('BRK.B', 0, 5), hourly('A', 0, 5)], null);
    const at = (name: string) => join(place, 'candles', name);
    const locate = (text: string) => store.locate(parseDataOption(text));
    expect(locate('BRK.B')).toEqual({ symbol: 'BRK.B', file: at('BRK.B_1h.parquet'), format: 'parquet' });
    expect(locate('A_1h')).toEqual({ symbol: 'A', file: at('A_1h.parquet'), format: 'parquet' });
    expect(locate('X=A')).toEqual({ symbol: 'X', file: at('A_1h.parquet'), format: 'parquet' });
    expect(locate('A@csv')).toEqual({ symbol: 'A', file: join(place, 'A'), format: 'csv' });
    expect(locate('./A')).toEqual({ symbol: 'A', file: join(place, 'A'), format: null });
    expect(locate('C.csv')).toEqual({ symbol: 'C', file: join(place, 'C.csv'), format: null });
    writeFileSync(join(place, 'A'), '');
    expect(locate('A')).toEqual({ symbol: 'A', file: join(place, 'A'), format: null });
  });

  test('stored at two intervals needs one of them', async () => {
    const { store } = openStore();
    await store.import([hourly('A', 0, 5)], null);
    await store.import([hourly('A', 0, 5)], 2 * hour);
    expect(() => store.locate(parseDataOption('A'))).toThrow(
      expect.objectContaining({ code: 'usage-invalid', hint: 'Name one: A_1h or A_2h.' }),
    );
    expect(store.locate(parseDataOption('A_2h')).file).toMatch(/A_2h\.parquet$/);
  });

  test('of nothing at all says where symbols come from', async () => {
    const { store, place } = openStore();
    const refusal = (text: string) => {
      try {
        return store.locate(parseDataOption(text));
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refusal('XYZ')).toMatchObject({
      code: 'file-not-found',
      message: 'there is no file XYZ, and no candles are kept of a symbol of that name',
      hint: expect.stringContaining('orrery data import'),
    });
    await store.import([hourly('BTCUSDT', 0, 5)], null);
    expect(refusal('BTCUST')).toMatchObject({ hint: expect.stringContaining('Did you mean BTCUSDT?') });
    for (const symbol of ['BRK.B', 'BTC_4h', 'S=XYZ']) {
      expect(refusal(symbol)).toMatchObject({ hint: expect.stringContaining('orrery data list') });
    }
    for (const path of ['XYZ.csv', './XYZ', 'a/XYZ', 'XYZ@csv', 'XYZ.parquet']) {
      expect(refusal(path)).toMatchObject({ file: expect.stringContaining(place) });
    }
  });
});
