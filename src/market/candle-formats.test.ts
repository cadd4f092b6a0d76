import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCandleFile } from './candle-file.ts';
import { checkCandleFile } from './check-candles.ts';
import { literal, withDuckDb } from './duckdb.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-formats-'));
});
afterAll(() => rm(folder, { recursive: true }));

const load = (file: string, format: string | null = null) => loadCandleFile({ symbol: 'TEST', file, format });
const check = (file: string, format: string | null = null) =>
  checkCandleFile({ symbol: 'TEST', file, format });

async function written(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** A Parquet file of what a query selects. */
async function parquet(name: string, select: string): Promise<string> {
  const file = join(folder, name);
  await withDuckDb((connection) => connection.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet)`));
  return file;
}

const minute = 60_000;
const hour = 60 * minute;
/** A Monday. */
const start = Date.UTC(2024, 0, 1);
/** What every file of {@link twoBars} below holds. */
const expected = {
  openTime: [start, start + hour],
  open: [2, 3],
  high: [4, 7],
  low: [1, 1],
  close: [3.5, 6],
  volume: [1, 5],
};

async function columnsOf(file: string, format: string | null) {
  const { series } = await load(file, format);
  return Object.fromEntries(
    (['openTime', 'open', 'high', 'low', 'close', 'volume'] as const).map((name) => [
      name,
      [...series[name]],
    ]),
  );
}

describe('the same two bars', () => {
  const kline = (time: number) => (prices: string) => `${time},${prices},${time + 1},9,9,9,9,0\n`;
  const klines = kline(start)('2,4,1,3.5,1') + kline(start + hour)('3,7,1,6,5');
  const micro = kline(start * 1_000)('2,4,1,3.5,1') + kline((start + hour) * 1_000)('3,7,1,6,5');
  test.each<readonly [what: string, name: string, format: string | null, content: string]>([
    ['LEAN, hours', 'btcusd.csv', 'lean-crypto', '20240101 00:00,2,4,1,3.5,1\n20240101 01:00,3,7,1,6,5'],
    ['LEAN, a day', '20240101_btcusd_minute_trade.csv', 'lean-crypto', '0,2,4,1,3.5,1\n3600000,3,7,1,6,5\n'],
    // 19:00 on New Year's Eve in New York, prices times 10,000.
    [
      'LEAN, hours of shares',
      'spy.csv',
      'lean-equity',
      '20231231 19:00,20000,40000,10000,35000,1\n20231231 20:00,30000,70000,10000,60000,5\n',
    ],
    [
      'LEAN, a day of shares',
      '20231231_spy_minute_trade.csv',
      'lean-equity',
      '68400000,20000,40000,10000,35000,1\n72000000,30000,70000,10000,60000,5\n',
    ],
    ['Binance, ms', 'a.csv', 'binance', klines],
    ['Binance, µs', 'b.csv', 'binance', micro],
    ['Binance, futures', 'c.csv', 'binance', `open_time,open,high,low,close,volume,x,x,x,x,x,x\n${klines}`],
    [
      'JSON lines',
      'd.jsonl',
      null,
      '{"Time":"2024-01-01T00:00:00Z","OPEN":2,"high":4,"low":1,"close":"3.5","volume":1,"note":[{}]}\n\n' +
        '{"volume":5,"Time":"2024-01-01 01:00","OPEN":3,"high":7,"low":1,"close":6}\n',
    ],
    [
      'JSON lines by what they hold',
      'e.txt',
      null,
      `{"t":0,"open_time":${start},"open":2,"high":4,"low":1,"close":3.5,"volume":1}\n` +
        `{"t":1,"open_time":${start + hour},"open":3,"high":7,"low":1,"close":6,"volume":5}`,
    ],
  ])('%s', async (_, name, format, content) => {
    expect(await columnsOf(await written(name, content), format)).toEqual(expected);
  });

  const bars = (times: readonly [string, string], price = (value: number) => String(value)) =>
    [
      `SELECT ${times[0]} AS "Date", ${price(2)} AS open, ${price(4)} AS high, ${price(1)} AS low, ${price(3.5)} AS "Close", 1 AS volume`,
      `SELECT ${times[1]}, ${price(3)}, ${price(7)}, ${price(1)}, ${price(6)}, 5`,
    ].join(' UNION ALL ');
  const stamps = (type: string) => [`'2024-01-01 00:00'::${type}`, `'2024-01-01 01:00'::${type}`] as const;
  test.each([
    ['TIMESTAMP', bars(stamps('TIMESTAMP'))],
    ['TIMESTAMP_MS', bars(stamps('TIMESTAMP_MS'))],
    ['TIMESTAMP_NS', bars(stamps('TIMESTAMP_NS'))],
    ['TIMESTAMPTZ', bars(["'2024-01-01 02:00:00+02'::TIMESTAMPTZ", "'2024-01-01 03:00:00+02'::TIMESTAMPTZ"])],
    ['texts', bars(["'2024-01-01T00:00:00Z'", "'2023-12-31T20:00:00-05:00'"])],
    ['seconds', bars([String(start / 1_000), String((start + hour) / 1_000)])],
    ['nanoseconds', bars([`${start}000000::BIGINT`, `${start + hour}000000::BIGINT`])],
    ['prices as text', bars(stamps('TIMESTAMP'), (value) => `'${value}'`)],
    ['prices as decimals', bars(stamps('TIMESTAMP'), (value) => `${value}::DECIMAL(18,4)`)],
  ])('Parquet, %s', async (name, select) => {
    // Neither a folder like a partition nor a name like a pattern is anything but a name.
    expect(await columnsOf(await parquet(`close=1 [${name}]*.parquet`, select), null)).toEqual(expected);
  });
});

test('dates in Parquet, and a file without volume', async () => {
  const file = await parquet(
    'days',
    "SELECT '2024-01-01'::DATE AS date, 2 AS open, 3 AS high, 1 AS low, 2 AS close UNION ALL SELECT '2024-01-02'::DATE, 2, 3, 1, 2",
  );
  const { series, instrument } = await load(file);
  expect([...series.openTime]).toEqual([start, Date.UTC(2024, 0, 2)]);
  expect([...series.volume]).toEqual([0, 0]);
  expect(instrument.timeframe).toBe('1d');
});

test('shares over a change of the clocks in New York', async () => {
  const row = (date: string) =>
    `${date} 09:30,20000,20000,20000,20000,1\n${date} 10:30,20000,20000,20000,20000,1\n`;
  const file = await written('clocks.csv', row('20240308') + row('20240311'));
  const { series, instrument } = await load(file, 'lean-equity');
  expect([...series.openTime]).toEqual(
    ['2024-03-08T14:30Z', '2024-03-08T15:30Z', '2024-03-11T13:30Z', '2024-03-11T14:30Z'].map((at) =>
      Date.parse(at),
    ),
  );
  expect(instrument).toMatchObject({ assetClass: 'equity', adjusted: false });
});

describe('what is wrong, by line or row', () => {
  const headerless = [
    '20240101 00:00,2,4,1,3,1',
    '20240101 01:00,2,4,1,3',
    '20240101 01:00,2,1,4,3,1',
    '20240101 01:00,2,4,1,3,x',
  ];
  const object = (time: string, rest = '"low":1,"close":3') => `{"time":"${time}","open":2,"high":4,${rest}}`;
  test.each<
    readonly [what: string, make: () => Promise<string>, format: string | null, problems: readonly string[]]
  >([
    [
      'lean-crypto',
      () => written('faults.csv', `${headerless.join('\n')}\n20240101 02:00,2,4,1,3,1`),
      'lean-crypto',
      ['unparsable 2', 'high-below-low 3', 'not-a-number 4', 'duplicate 4'],
    ],
    [
      'jsonl',
      () =>
        written(
          'faults.jsonl',
          [
            object('2024-01-01 00:00'),
            'text',
            object('2024-01-01 01:00'),
            object('2024-01-01 02:00', '"close":3'),
            object('2024-01-01 03:00', '"low":null,"close":3'),
            object('2024-01-01 02:00'),
            object('yesterday'),
          ].join('\n'),
        ),
      null,
      ['zero-volume 1', 'unparsable 2', 'unparsable 4', 'not-a-number 5', 'not-increasing 6', 'unparsable 7'],
    ],
    [
      'parquet',
      () =>
        parquet(
          'faults.parquet',
          `SELECT CASE i WHEN 3 THEN NULL WHEN 4 THEN ${start} ELSE ${start} + i * ${hour} END AS time,
             2 AS open, 4 AS high, CASE i WHEN 1 THEN NULL ELSE 1 END AS low, 3 AS close, i - 2 AS volume
           FROM range(6) t(i)`,
        ),
      null,
      ['negative 1', 'not-a-number 2', 'negative 2', 'zero-volume 3', 'unparsable 4', 'not-increasing 5'],
    ],
  ])('%s', async (_, make, format, problems) => {
    const found = await check(await make(), format);
    expect(found.ok).toBe(false);
    const said = found.problems.map(({ kind, line }) => `${kind} ${line}`);
    for (const problem of problems) expect(said).toContain(problem);
  });

  test.each<readonly [what: string, name: string, content: string, format: string | null, said: RegExp]>([
    ['a day without its date', 'trade.csv', '0,2,4,1,3,1\n60000,2,4,1,3,1\n', 'lean-crypto', /of which day/],
    ['quotes', 'q.csv', '0,1,1,1,1,1,1,1,1,1,1\n60000,1,1,1,1,1,1,1,1,1,1\n', 'lean-crypto', /holds quotes/],
    ['another format', 'o.csv', '0,2,4,1,3,1\n', 'binance', /is not a time we know/],
    ['no Parquet', 'n.parquet', 'time,open\n', null, /n\.parquet cannot be read as Parquet: \S/],
    ['half a Parquet file', 'h.bin', `PAR1${'x'.repeat(100)}`, null, /cannot be read as Parquet/],
    ['no JSON', 'n.jsonl', 'time,open\n', null, /line 1: not a JSON object/],
    ['no candles in JSON', 'c.jsonl', '\n{"a":1}\n', null, /line 2: no column is named open or high/],
    ['an empty file', 'empty.jsonl', '', null, /is empty/],
  ])('refuses %s', async (_, name, content, format, said) => {
    const error = await load(await written(name, content), format).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(said),
      hint: expect.stringMatching(/\.$/),
    });
  });

  test('refuses Parquet without rows or columns of candles', async () => {
    const none = await parquet(
      'none.parquet',
      'SELECT 1 AS time, 1 AS open, 1 AS high, 1 AS low, 1 AS close LIMIT 0',
    );
    await expect(load(none)).rejects.toMatchObject({ code: 'candles-invalid' });
    const other = await parquet('other.parquet', 'SELECT 1 AS a');
    await expect(load(other)).rejects.toMatchObject({ code: 'candles-unrecognised' });
    const nested = await parquet(
      'nested.parquet',
      'SELECT 1 AS time, [1] AS open, 1 AS high, 1 AS low, 1 AS close',
    );
    await expect(load(nested)).rejects.toMatchObject({ code: 'candles-unrecognised' });
  });
});
