import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CandleRow, candleCsv, walkingCandles } from './candle-csv.ts';
import { dataCheck, importedCandles, runDocument, storedCandles } from './documents.ts';
import { describeOnRealData, rawShares } from './real-data.ts';
import { openWorkplace } from './workplace.ts';

const rows = walkingCandles({ seed: 3, bars: 60 });
const lines = (line: (row: CandleRow) => string) => rows.map((row) => `${line(row)}\n`).join('');
const prices = ({ open, high, low, close, volume }: CandleRow) => [open, high, low, close, volume].join(',');
const compact = (time: string) => `${time.slice(0, 10).replaceAll('-', '')} ${time.slice(11, 16)}`;
const shares = ({ time, open, high, low, close, volume }: CandleRow) =>
  [compact(time), ...[open, high, low, close].map((price) => Math.round(price * 10_000)), volume].join(',');

const files: Readonly<Record<string, string>> = {
  'ABC_1h.csv': candleCsv(rows),
  'ABC.csv@lean-crypto': lines((row) => `${compact(row.time)},${prices(row)}`),
  'ABC.csv@lean-equity': lines(shares),
  'ABC.csv@binance': lines((row) => `${Date.parse(row.time)},${prices(row)},0,0,0,0,0,0`),
  'ABC.jsonl': lines((row) => JSON.stringify(row)),
};

describe('candles of every format', () => {
  test.each(Object.entries(files))('%s', async (name, content) => {
    const place = openWorkplace();
    const [file = '', format = name.endsWith('.jsonl') ? 'jsonl' : 'csv'] = name.split('@');
    place.write(file, content);
    const checked = await place.json(dataCheck, 'data', 'check', name);
    expect(checked).toMatchObject({ rows: 60, intervalMs: 3_600_000, format, ok: true });
    await place.json(importedCandles, 'data', 'import', name);
    const [stored] = await place.json(storedCandles, 'data', 'list');
    expect(stored).toMatchObject({
      symbol: 'ABC',
      interval: '1h',
      rows: 60,
      sources: [{ name: file, format }],
    });
    expect(await place.json(dataCheck, 'data', 'check', stored?.file ?? '')).toEqual({
      ...checked,
      format: 'parquet',
      timezone: 'UTC',
      columns: expect.objectContaining({ time: 'open_time' }),
    });
  });
});

test('a stored symbol is run as its file was, and its run is replayed', async () => {
  const place = openWorkplace();
  const file = place.write('BTCUSDT.csv', candleCsv(rows));
  await place.json(importedCandles, 'data', 'import', file);
  const [plain, stored] = await Promise.all([
    openWorkplace().json(runDocument, 'run', 'solar', '--data', file),
    place.json(runDocument, 'run', 'solar', '--data', 'BTCUSDT', '--id', 'kept'),
  ]);
  expect(stored.hash).toBe(plain.hash);
  expect(stored.instruments).toMatchObject([{ symbol: 'BTCUSDT', timeframe: '1h' }]);
  expect((await place.json(runDocument, 'run', '--replay', 'kept')).hash).toBe(plain.hash);
});

test('an import says what is new, makes longer bars, and refuses what contradicts it', async () => {
  const place = openWorkplace();
  place.write('one.csv', candleCsv(rows.slice(0, 40)));
  place.write('two.csv', candleCsv(rows.slice(20)));
  await place.run('data', 'import', 'one.csv', '--as', 'ABC');
  const said = await place.run('data', 'import', 'two.csv', '--as', 'ABC');
  expect(said.stdout).toMatch(/^ABC 1h: 60 bars, 20 of them new, 2024-01-01T00:00:00.000Z → /);
  await place.json(importedCandles, 'data', 'import', 'one.csv', 'two.csv', '--as', 'ABC', '--every', '1d');
  const listed = await place.run('data', 'list');
  expect(listed.stdout.split('\n').map((line) => line.split('\t').slice(0, 3).join(' '))).toEqual([
    'symbol interval rows',
    'ABC 1d 2',
    'ABC 1h 60',
    '',
  ]);
  const refused = async (code: string, message: RegExp, ...words: readonly string[]) => {
    const { exitCode, error } = await place.refusal(...words);
    expect([exitCode, error.code]).toEqual([2, code]);
    expect(error.message).toMatch(message);
  };
  place.write('other.csv', candleCsv(walkingCandles({ seed: 4, bars: 60 })));
  await refused(
    'candles-invalid',
    /other\.csv: the bar of 2024-01-01T00/,
    'data',
    'import',
    'other.csv',
    '--as',
    'ABC',
  );
  await refused('usage-invalid', /several intervals: 1d, 1h/, 'run', 'solar', '--data', 'ABC');
  await refused('usage-invalid', /do not make bars of 25m/, 'data', 'import', 'one.csv', '--every', '25m');
  await refused('usage-invalid', /is no usable symbol/, 'data', 'import', 'one.csv', '--as', 'A/B');
  await refused('candles-unrecognised', /no format "lean"/, 'data', 'import', 'one.csv', '--format', 'lean');
  await refused('usage-invalid', /missing required argument/, 'data', 'import');
  expect(existsSync(join(place.home, 'candles'))).toBe(true);
});

test('a symbol is found in any spelling, a damaged file is named beside the others, an unknown one is explained', async () => {
  const place = openWorkplace();
  place.write('abc_1h.csv', candleCsv(rows));
  await place.json(importedCandles, 'data', 'import', 'abc_1h.csv');
  const again = await place.json(importedCandles, 'data', 'import', 'ABC=abc_1h.csv');
  expect(again).toMatchObject([{ symbol: 'abc', rows: 60, added: 0 }]);
  writeFileSync(join(place.home, 'candles', 'BAD_1h.parquet'), 'PAR1');
  const listed = await place.run('data', 'list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ symbol: 'abc' }]);
  expect(listed.stderr).toMatch(/BAD_1h\.parquet cannot be read as Parquet: .* Remove it, and import/);
  const { exitCode, error } = await place.refusal('run', 'solar', '--data', 'ABD');
  expect([exitCode, error.code]).toEqual([2, 'file-not-found']);
  expect(error.hint).toMatch(/orrery data list/);
});

test('an import names the hole it leaves; what is kept is checked and removed by its symbol', async () => {
  const place = openWorkplace();
  place.write('BTCUSDT_1h.csv', candleCsv(rows.slice(0, 20)));
  place.write('later.csv', candleCsv(rows.slice(40)));
  await place.run('data', 'import', 'BTCUSDT_1h.csv');
  const said = await place.run('data', 'import', 'later.csv', '--as', 'BTCUSDT');
  expect(said.stdout).toMatch(
    /joint: hole: no bar for 21 hours after .*orrery data remove BTCUSDT --timeframe 1h/,
  );
  const { problems } = await place.json(dataCheck, 'data', 'check', 'btcusdt');
  expect(problems).toMatchObject([{ kind: 'hole' }]);
  const { exitCode, error } = await place.refusal('data', 'remove', 'BTCUSD');
  expect([exitCode, error.code]).toEqual([2, 'file-not-found']);
  const removed = await place.run('data', 'remove', 'BTCUSDT', '--timeframe', '1h');
  expect(removed.stdout).toMatch(/^removed BTCUSDT 1h: .*BTCUSDT_1h\.parquet$/m);
  expect(await place.json(storedCandles, 'data', 'list')).toEqual([]);
});

describeOnRealData('raw shares', () => {
  test('say in a run that they are not adjusted, stored or not', async () => {
    const place = openWorkplace();
    const [direct, imported] = await Promise.all([
      place.json(
        runDocument,
        'run',
        'solar',
        '--data',
        `AAPL=${rawShares}@lean-equity`,
        '--from',
        '2021-02-01',
      ),
      openWorkplace().json(
        importedCandles,
        'data',
        'import',
        rawShares,
        '--format',
        'lean-equity',
        '--as',
        'AAPL',
      ),
    ]);
    expect(direct.instruments).toMatchObject([{ assetClass: 'equity', timeframe: '1d', adjusted: false }]);
    expect(imported).toMatchObject([{ symbol: 'AAPL', rows: 5_849, added: 5_849 }]);
  });
});
